package org.bame.sparsity;

/**
 * Whether a layer is made sparse, and why (not). A layer qualifies if its kind is sparse by default and its shape
 * {@link SparsityPattern#fit fits} the pattern.
 *
 * @param sparse the verdict
 * @param reason one phrase for reports
 */
public record Sparsifiability(boolean sparse, String reason) {
    /** Decides for one layer. */
    public static Sparsifiability of(LayerKind kind, WeightShape shape, SparsityPattern pattern) {
        if (kind == LayerKind.DEPTHWISE) {
            return new Sparsifiability(false,
                    "depthwise layers stay dense: a filter has one input channel, not a block");
        }
        if (!kind.sparseByDefault()) {
            return new Sparsifiability(false, kind.columnName() + " layers stay dense");
        }
        return pattern.fit(shape);
    }
}
