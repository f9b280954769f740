package org.bame.sparsity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An N:M sparsity pattern: at most {@code n} nonzero weights in every {@code m} consecutive ones along the block axis.
 *
 * <p>With a row group R above 1, written {@code 1:4/g4}, each R consecutive outputs, from output 0, keep the same positions:
 * a block is then a tile of R outputs by M inputs that keeps N of its M columns. Outputs that R does not divide leave a
 * last group of fewer rows, which breaks nothing: its blocks keep N of M as all others do. Such a mask is still N:M in
 * every row. Forward kernels walk one index list for R outputs; in the input gradient the kept weights of a channel come
 * in runs of R consecutive outputs at the same tap, which serves it as well.
 *
 * @param n weights kept in M consecutive ones, at least 1 and at most {@code m}
 * @param m weights in a block of one row, at least 1
 * @param rowGroup R: consecutive outputs that keep the same positions, at least 1; 1 leaves every output to itself
 */
public record NmPattern(int n, int m, int rowGroup) {
    /** What users may write. */
    public static final String FORMS =
            "N:M with 1 <= N <= M, as in 2:4 (keep 2 of every 4 weights), or N:M/gR with R >= 1,"
                    + " as in 1:4/g4 (each 4 consecutive outputs keep the same positions)";

    private static final Pattern TEXT = Pattern.compile("\\s*(\\d{1,6})\\s*:\\s*(\\d{1,6})\\s*(?:/g(\\d{1,6})\\s*)?");

    /** Checks {@code 1 <= n <= m} and {@code 1 <= rowGroup}. */
    public NmPattern {
        if (n < 1 || m < n || rowGroup < 1) {
            throw new IllegalArgumentException("Bad pattern " + text(n, m, rowGroup) + ": expected " + FORMS);
        }
    }

    /** A pattern whose outputs choose for themselves. */
    public NmPattern(int n, int m) {
        this(n, m, 1);
    }

    /**
     * Reads the form that {@link #toString} writes, for example {@code 2:4} or {@code 1:4/g4}.
     *
     * @throws IllegalArgumentException if the text is no pattern; the message tells the expected form
     */
    public static NmPattern parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Bad pattern '" + text + "': expected " + FORMS);
        }
        int rowGroup = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
        return new NmPattern(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), rowGroup);
    }

    /** The pattern of the same row groups that keeps another number of weights in M. */
    public NmPattern withN(int kept) {
        return new NmPattern(kept, m, rowGroup);
    }

    /** Kept fraction N/M. */
    public double density() {
        return (double) n / m;
    }

    @Override
    public String toString() {
        return text(n, m, rowGroup);
    }

    private static String text(int n, int m, int rowGroup) {
        return n + ":" + m + (rowGroup == 1 ? "" : "/g" + rowGroup);
    }
}
