package org.bame.sparsity;

import java.util.Collections;
import java.util.List;
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
public record NmPattern(int n, int m, int rowGroup) implements SparsityPattern {
    /** Keeps every weight. */
    public static final NmPattern DENSE = new NmPattern(1, 1);

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
    @Override
    public double density() {
        return (double) n / m;
    }

    /** Fits if M divides the input channels per group, so that no block crosses a kernel position (methods.md 1.1). */
    @Override
    public Sparsifiability fit(WeightShape shape) {
        if (shape.inputs() % m != 0) {
            return new Sparsifiability(false, "input channels " + shape.inputs() + " are not divisible by M=" + m);
        }
        return new Sparsifiability(true, "input channels " + shape.inputs() + " = " + shape.inputs() / m + " blocks of "
                + m + groups(shape.outputs()));
    }

    private String groups(int outputs) {
        if (rowGroup == 1) {
            return "";
        }
        int last = outputs % rowGroup;
        return ", outputs in groups of " + rowGroup + (last == 0 ? "" : ", the last of " + last);
    }

    @Override
    public List<NmPattern> perLayer(List<WeightShape> shapes) {
        return Collections.nCopies(shapes.size(), this);
    }

    /** Keeps the nearest whole number of weights in M, at least N. */
    @Override
    public NmPattern relaxedTo(double density) {
        return withN(Math.max(n, (int) Math.round(density * m)));
    }

    @Override
    public String toString() {
        return text(n, m, rowGroup);
    }

    private static String text(int n, int m, int rowGroup) {
        return n + ":" + m + (rowGroup == 1 ? "" : "/g" + rowGroup);
    }
}
