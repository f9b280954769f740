package org.bame.sparsity;

/**
 * Where the blocks of a weight tensor lie. A block is M consecutive inputs, at one kernel position, of the R outputs that
 * share positions ({@link NmPattern#rowGroup}): R runs of M contiguous weights, {@link WeightShape#rowLength} apart. Blocks
 * are numbered in the order of their first weights.
 *
 * @param shape of the weights; M divides its inputs
 * @param pattern whose blocks these are
 * @param section outputs behind which the counting of R begins anew
 */
public record NmBlocks(WeightShape shape, NmPattern pattern, int section) {
    /** Checks that M divides the inputs. */
    public NmBlocks {
        requireWhole(shape, pattern);
    }

    /** Blocks of the outputs that share positions by the pattern, counted from output 0. */
    public NmBlocks(WeightShape shape, NmPattern pattern) {
        this(shape, pattern, shape.outputs());
    }

    /** Tiles of M outputs by M inputs, or of the outputs left in their convolution's group. */
    public static NmBlocks tiles(WeightShape shape, NmPattern pattern) {
        return new NmBlocks(shape, new NmPattern(pattern.n(), pattern.m(), pattern.m()), shape.groupOutputs());
    }

    static void requireWhole(WeightShape shape, NmPattern pattern) {
        if (shape.inputs() % pattern.m() != 0) {
            throw new IllegalArgumentException("Weights " + shape + " have " + shape.inputs()
                    + " inputs, which M of pattern " + pattern + " does not divide: leave the layer dense");
        }
    }

    /** Number of blocks. */
    public int count() {
        return shape.outputs() / section * groupsPerSection() * blocksPerRow();
    }

    /** The first weight of a block's first row. */
    public int first(int block) {
        return firstOutput(block) * shape.rowLength() + block % blocksPerRow() * pattern.m();
    }

    /** Outputs of a block: R, or what is left for the last one of a section. */
    public int rows(int block) {
        return Math.min(pattern.rowGroup(), section - firstOutput(block) % section);
    }

    /** The block that a weight belongs to. */
    public int of(int weight) {
        int output = weight / shape.rowLength();
        int group = output / section * groupsPerSection() + output % section / pattern.rowGroup();
        return group * blocksPerRow() + weight % shape.rowLength() / pattern.m();
    }

    private int firstOutput(int block) {
        int group = block / blocksPerRow();
        return group / groupsPerSection() * section + group % groupsPerSection() * pattern.rowGroup();
    }

    private int groupsPerSection() {
        return Math.ceilDiv(section, pattern.rowGroup());
    }

    private int blocksPerRow() {
        return shape.rowLength() / pattern.m();
    }
}
