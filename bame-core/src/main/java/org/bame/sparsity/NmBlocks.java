package org.bame.sparsity;

/**
 * Where the blocks of a weight tensor lie. A block is M consecutive inputs, at one kernel position, of the R outputs that
 * share positions ({@link NmPattern#rowGroup}): R runs of M contiguous weights, {@link WeightShape#rowLength} apart. Blocks
 * are numbered in the order of their first weights.
 *
 * @param shape of the weights; M divides its inputs
 * @param pattern whose blocks these are
 */
public record NmBlocks(WeightShape shape, NmPattern pattern) {
    /** Checks that M divides the inputs. */
    public NmBlocks {
        requireWhole(shape, pattern);
    }

    static void requireWhole(WeightShape shape, NmPattern pattern) {
        if (shape.inputs() % pattern.m() != 0) {
            throw new IllegalArgumentException("Weights " + shape + " have " + shape.inputs()
                    + " inputs, which M of pattern " + pattern + " does not divide: leave the layer dense");
        }
    }

    /** Number of blocks. */
    public int count() {
        return Math.ceilDiv(shape.outputs(), pattern.rowGroup()) * blocksPerRow();
    }

    /** The first weight of a block's first row. */
    public int first(int block) {
        return group(block) * pattern.rowGroup() * shape.rowLength() + block % blocksPerRow() * pattern.m();
    }

    /** Outputs of a block: R, or what is left for the last group. */
    public int rows(int block) {
        return Math.min(pattern.rowGroup(), shape.outputs() - group(block) * pattern.rowGroup());
    }

    /** The block that a weight belongs to. */
    public int of(int weight) {
        int group = weight / shape.rowLength() / pattern.rowGroup();
        return group * blocksPerRow() + weight % shape.rowLength() / pattern.m();
    }

    private int group(int block) {
        return block / blocksPerRow();
    }

    private int blocksPerRow() {
        return shape.rowLength() / pattern.m();
    }
}
