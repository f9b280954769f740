package org.bame.sparsity;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An N:M sparsity pattern: at most {@code n} nonzero weights in every {@code m} consecutive ones along the block axis.
 *
 * @param n weights kept in a block, at least 1 and at most {@code m}
 * @param m weights in a block, at least 1
 */
public record NmPattern(int n, int m) {
    private static final Pattern TEXT = Pattern.compile("\\s*(\\d{1,6})\\s*:\\s*(\\d{1,6})\\s*");

    /** Checks {@code 1 <= n <= m}. */
    public NmPattern {
        if (n < 1 || m < n) {
            throw new IllegalArgumentException("Bad pattern " + n + ":" + m
                    + ": expected N:M with 1 <= N <= M, as in 2:4 (keep 2 of every 4 weights)");
        }
    }

    /**
     * Reads the form that {@link #toString} writes, for example {@code 2:4}.
     *
     * @throws IllegalArgumentException if the text is no pattern; the message tells the expected form
     */
    public static NmPattern parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Bad pattern '" + text + "': expected N:M with 1 <= N <= M, as in 2:4 (keep 2 of every 4 weights)");
        }
        return new NmPattern(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Kept fraction N/M. */
    public double density() {
        return (double) n / m;
    }

    @Override
    public String toString() {
        return n + ":" + m;
    }
}
