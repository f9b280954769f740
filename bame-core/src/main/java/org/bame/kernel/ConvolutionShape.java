package org.bame.kernel;

import org.bame.sparsity.WeightShape;

/**
 * A convolution with zero padding, or a linear layer as a 1x1 convolution of one pixel. With {@code groups} above 1 the
 * channels are cut into as many equal ranges, and outputs of a range see the inputs of the same range alone.
 *
 * @param input extents of the input
 * @param outputs output channels
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param stride step in both directions
 * @param padding zeros on every side
 * @param groups ranges of channels; divides inputs and outputs
 */
public record ConvolutionShape(
        FeatureShape input, int outputs, int kernelHeight, int kernelWidth, int stride, int padding, int groups) {
    /** Checks that the output has at least one pixel and that groups are of one size. */
    public ConvolutionShape {
        if (outputs < 1 || kernelHeight < 1 || kernelWidth < 1 || stride < 1 || padding < 0) {
            throw new IllegalArgumentException("Bad convolution: outputs " + outputs + ", kernel " + kernelHeight + "x"
                    + kernelWidth + ", stride " + stride + ", padding " + padding);
        }
        if (input.height() + 2 * padding < kernelHeight || input.width() + 2 * padding < kernelWidth) {
            throw new IllegalArgumentException("Kernel " + kernelHeight + "x" + kernelWidth + " is larger than input "
                    + input + " with padding " + padding);
        }
        if (groups < 1 || input.channels() % groups != 0 || outputs % groups != 0) {
            throw new IllegalArgumentException("Bad convolution: " + groups + " groups for " + input.channels()
                    + " inputs and " + outputs + " outputs, expected a number that divides both");
        }
    }

    /** A convolution of one group. */
    public ConvolutionShape(
            FeatureShape input, int outputs, int kernelHeight, int kernelWidth, int stride, int padding) {
        this(input, outputs, kernelHeight, kernelWidth, stride, padding, 1);
    }

    /** A linear layer. */
    public static ConvolutionShape linear(int inputs, int outputs) {
        return new ConvolutionShape(FeatureShape.vector(inputs), outputs, 1, 1, 1, 0);
    }

    /** A square kernel. */
    public static ConvolutionShape square(FeatureShape input, int outputs, int kernel, int stride, int padding) {
        return new ConvolutionShape(input, outputs, kernel, kernel, stride, padding);
    }

    /** The same with groups. */
    public ConvolutionShape inGroups(int number) {
        return new ConvolutionShape(input, outputs, kernelHeight, kernelWidth, stride, padding, number);
    }

    /** Whether every input channel is a group of its own, with one output or more. */
    public boolean depthwise() {
        return groups > 1 && groups == input.channels();
    }

    /** One group as a convolution of its own. */
    public ConvolutionShape ofOneGroup() {
        FeatureShape part = new FeatureShape(input.channels() / groups, input.height(), input.width());
        return new ConvolutionShape(part, outputs / groups, kernelHeight, kernelWidth, stride, padding);
    }

    /** Extents of the output. */
    public FeatureShape output() {
        return new FeatureShape(
                outputs,
                (input.height() + 2 * padding - kernelHeight) / stride + 1,
                (input.width() + 2 * padding - kernelWidth) / stride + 1);
    }

    /** Shape of the weights, with the inputs of one group, and the groups. */
    public WeightShape weights() {
        return new WeightShape(outputs, kernelHeight, kernelWidth, input.channels() / groups, groups);
    }

    /** Multiply-accumulates of the dense forward product for one image, padding counted as the papers do. */
    public long macsPerSample() {
        return (long) output().pixels() * weights().size();
    }
}
