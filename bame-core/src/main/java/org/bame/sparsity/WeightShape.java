package org.bame.sparsity;

/**
 * Shape of a weight tensor in memory order {@code [outputs][kernelHeight][kernelWidth][inputs]}, inputs fastest, so that
 * a block of M consecutive weights lies along the input channels of one output at one kernel position. A linear layer is
 * the case of a 1x1 kernel.
 *
 * @param outputs output channels or features
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param inputs input channels or features (per group)
 */
public record WeightShape(int outputs, int kernelHeight, int kernelWidth, int inputs) {
    /** Checks that every extent is positive and that the tensor is addressable by an {@code int}. */
    public WeightShape {
        if (outputs < 1 || kernelHeight < 1 || kernelWidth < 1 || inputs < 1) {
            throw new IllegalArgumentException("Bad weight shape [" + outputs + "][" + kernelHeight + "][" + kernelWidth
                    + "][" + inputs + "]: expected extents of at least 1");
        }
        Math.toIntExact((long) outputs * kernelHeight * kernelWidth * inputs);
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
        return outputs + "x" + kernelHeight + "x" + kernelWidth + "x" + inputs;
    }
}
