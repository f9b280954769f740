package org.bame.flops;

/** The three ways to count training cost, always shown side by side (methods.md 3.4). */
public enum Account {
    /** Cost vectors as the papers count them. */
    PAPER,
    /** What kernels that skip every zero execute. */
    CPU_EXECUTED,
    /** What tensor cores that need an N:M operand along the reduction axis could skip. */
    NM_HARDWARE;

    /** Name in CSV columns. */
    public String columnName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
