package org.bame.sparsity;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a pattern that is written by its sparsity, as in {@code unstructured@0.75}. Sparsity is computed in decimals, so
 * that 0.9 means a density of 0.1.
 *
 * @param density kept share
 * @param distribution among the layers
 */
record SparsityText(double density, DensityDistribution distribution) {
    /** What stands between a pattern's name and its example. */
    static final String FORM = "@S, or @S/erk (small layers keep more), with a share 0 <= S < 1 of zeros, as in ";

    private static final Pattern TEXT = Pattern.compile("\\s*(\\w+)@(\\d?\\.?\\d{1,20})(/erk)?\\s*");

    static SparsityText parse(String name, String forms, String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || !matcher.group(1).equals(name)) {
            throw new IllegalArgumentException("Bad pattern '" + text + "': expected " + forms);
        }
        double density = BigDecimal.ONE.subtract(new BigDecimal(matcher.group(2))).doubleValue();
        if (!(density > 0)) {
            throw new IllegalArgumentException("Bad pattern '" + text + "': expected " + forms);
        }
        return new SparsityText(
                density, matcher.group(3) == null ? DensityDistribution.UNIFORM : DensityDistribution.ERK);
    }

    static String of(String name, double density, DensityDistribution distribution) {
        BigDecimal sparsity = BigDecimal.ONE.subtract(BigDecimal.valueOf(density));
        return name + "@" + sparsity.stripTrailingZeros().toPlainString() + distribution.suffix();
    }

    static void requireDensity(String name, double density) {
        if (!(density > 0 && density <= 1)) {
            throw new IllegalArgumentException(
                    "Pattern " + name + " has density " + density + ", expected above 0, at most 1");
        }
    }

    /** The whole number nearest to a share, at least 1. */
    static int share(double density, int of) {
        return (int) Math.max(1, Math.round(density * of));
    }
}
