package org.bame.sparsity;

/**
 * Whether a layer is made sparse, and why (not). A layer qualifies if its kind is sparse by default and its input channels
 * per group are divisible by M, so that no block crosses a kernel position (methods.md 1.1). Its outputs need not be
 * divisible by the pattern's row group: a last group of fewer outputs crosses nothing, and keeps N of M like all others.
 *
 * @param sparse the verdict
 * @param reason one phrase for reports
 */
public record Sparsifiability(boolean sparse, String reason) {
    /** Decides for one layer. */
    public static Sparsifiability of(LayerKind kind, WeightShape shape, NmPattern pattern) {
        if (kind == LayerKind.DEPTHWISE) {
            return new Sparsifiability(false,
                    "depthwise layers stay dense: a filter has one input channel, not a block");
        }
        if (!kind.sparseByDefault()) {
            return new Sparsifiability(false, kind.columnName() + " layers stay dense");
        }
        if (shape.inputs() % pattern.m() != 0) {
            return new Sparsifiability(
                    false, "input channels " + shape.inputs() + " are not divisible by M=" + pattern.m());
        }
        return new Sparsifiability(true, "input channels " + shape.inputs() + " = " + shape.inputs() / pattern.m()
                + " blocks of " + pattern.m() + groups(shape.outputs(), pattern.rowGroup()));
    }

    private static String groups(int outputs, int rowGroup) {
        if (rowGroup == 1) {
            return "";
        }
        int last = outputs % rowGroup;
        return ", outputs in groups of " + rowGroup + (last == 0 ? "" : ", the last of " + last);
    }
}
