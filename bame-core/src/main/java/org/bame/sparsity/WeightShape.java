package org.bame.sparsity;

/**
 * Shape of a weight tensor in memory order {@code [outputs][kernelHeight][kernelWidth][inputs]}, inputs fastest, so that
 * a block of M consecutive weights lies along the input channels of one output at one kernel position. A linear layer is
 * the case of a 1x1 kernel.
 *
 * <p>In a grouped convolution the outputs are cut into as many equal ranges, and only the outputs of one range are summed in
 * the input gradient: a block along the outputs must not cross a border.
 *
 * @param outputs output channels or features
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param inputs input channels or features (per group)
 * @param groups of a grouped convolution, else 1; divides the outputs
 */
public record WeightShape(int outputs, int kernelHeight, int kernelWidth, int inputs, int groups) {
    /** Checks that every extent is positive, groups are equal, and the tensor is addressable by an {@code int}. */
    public WeightShape {
        if (outputs < 1 || kernelHeight < 1 || kernelWidth < 1 || inputs < 1) {
            throw new IllegalArgumentException("Bad weight shape [" + outputs + "][" + kernelHeight + "][" + kernelWidth
                    + "][" + inputs + "]: expected extents of at least 1");
        }
        if (groups < 1 || outputs % groups != 0) {
            throw new IllegalArgumentException("Bad weight shape: " + groups + " groups of " + outputs
                    + " outputs, expected a number that divides them");
        }
        Math.toIntExact((long) outputs * kernelHeight * kernelWidth * inputs);
    }

    /** Shape of a layer without groups. */
    public WeightShape(int outputs, int kernelHeight, int kernelWidth, int inputs) {
        this(outputs, kernelHeight, kernelWidth, inputs, 1);
    }

    /** Shape {@code [outputs][1][1][inputs]} of a linear layer. */
    public static WeightShape linear(int outputs, int inputs) {
        return new WeightShape(outputs, 1, 1, inputs);
    }

    /** Weights of one output: {@code kernelHeight * kernelWidth * inputs}. */
    public int rowLength() {
        return kernelHeight * kernelWidth * inputs;
    }

    /** Weights in all. */
    public int size() {
        return outputs * rowLength();
    }

    /** Outputs of a group. */
    public int groupOutputs() {
        return outputs / groups;
    }

    /**
     * Where a block of consecutive outputs ends: behind {@code size} of them, or with its group.
     *
     * @param first output of the block
     */
    public int outputBlockEnd(int first, int size) {
        return Math.min(first + size, first - first % groupOutputs() + groupOutputs());
    }

    /** Number of {@link NmBlocks blocks}. */
    public int blocks(NmPattern pattern) {
        return new NmBlocks(this, pattern).count();
    }

    /** Position of a weight in memory. */
    public int index(int output, int kernelRow, int kernelColumn, int input) {
        return ((output * kernelHeight + kernelRow) * kernelWidth + kernelColumn) * inputs + input;
    }

    @Override
    public String toString() {
        String extents = outputs + "x" + kernelHeight + "x" + kernelWidth + "x" + inputs;
        return groups == 1 ? extents : extents + " in " + groups + " groups";
    }
}
