package org.bame.harness.flops;

import java.util.Locale;

/**
 * A training cost that a paper states, or that follows from one it states.
 *
 * @param source where it stands, for example {@code RigL README}
 * @param network name that users type
 * @param dataSet name that users type
 * @param pattern as users type it
 * @param method name that users type
 * @param variant what tells it from others of the same source and method; may be empty
 * @param derived whether it follows from a stated figure instead of being one
 * @param trainLength length of the training over that of the dense one
 * @param trainRatio training cost over a dense training of the same length
 * @param testRatio cost of the deployed forward product over the dense one's; NaN if it is not published
 */
public record PublishedCost(
        String source,
        String network,
        String dataSet,
        String pattern,
        String method,
        String variant,
        boolean derived,
        double trainLength,
        double trainRatio,
        double testRatio) {

    /** Whether it is the same figure, of a training of another length. */
    boolean isSameButForLength(PublishedCost other) {
        return source.equals(other.source)
                && network.equals(other.network)
                && dataSet.equals(other.dataSet)
                && pattern.equals(other.pattern)
                && method.equals(other.method)
                && variant.equals(other.variant);
    }

    /** In a table, as in {@code 0.230 (RigL README)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f", trainRatio)
                + (variant.isEmpty() ? "" : " " + variant)
                + (derived ? ", derived" : "")
                + " (" + source + ")";
    }
}
