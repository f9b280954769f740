package org.bame.datasets.synthetic;

/** Sines from a table of {@link StrictMath} values: fast, and the same bits on every machine. */
final class SineTable {

    private static final int STEPS = 1 << 12;
    private static final double[] VALUES = values();

    private SineTable() {}

    /** The sine of an angle in turns, to the nearest 1/4096 turn below; any finite angle of moderate size. */
    static double sine(double turns) {
        return VALUES[(int) Math.floor(turns * STEPS) & (STEPS - 1)];
    }

    /** The cosine of an angle in turns. */
    static double cosine(double turns) {
        return sine(turns + 0.25);
    }

    private static double[] values() {
        double[] values = new double[STEPS];
        for (int step = 0; step < STEPS; step++) {
            values[step] = StrictMath.sin(2 * Math.PI * step / STEPS);
        }
        return values;
    }
}
