package org.bame.kernel;

import org.bame.sparsity.WeightShape;

/**
 * A convolution with zero padding, or a linear layer as a 1x1 convolution of one pixel.
 *
 * @param input extents of the input
 * @param outputs output channels
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param stride step in both directions
 * @param padding zeros on every side
 */
public record ConvolutionShape(
        FeatureShape input, int outputs, int kernelHeight, int kernelWidth, int stride, int padding) {
    /** Checks that the output has at least one pixel. */
    public ConvolutionShape {
        if (outputs < 1 || kernelHeight < 1 || kernelWidth < 1 || stride < 1 || padding < 0) {
            throw new IllegalArgumentException("Bad convolution: outputs " + outputs + ", kernel " + kernelHeight + "x"
                    + kernelWidth + ", stride " + stride + ", padding " + padding);
        }
        if (input.height() + 2 * padding < kernelHeight || input.width() + 2 * padding < kernelWidth) {
            throw new IllegalArgumentException("Kernel " + kernelHeight + "x" + kernelWidth + " is larger than input "
                    + input + " with padding " + padding);
        }
    }

    /** A linear layer. */
    public static ConvolutionShape linear(int inputs, int outputs) {
        return new ConvolutionShape(FeatureShape.vector(inputs), outputs, 1, 1, 1, 0);
    }

    /** A square kernel. */
    public static ConvolutionShape square(FeatureShape input, int outputs, int kernel, int stride, int padding) {
        return new ConvolutionShape(input, outputs, kernel, kernel, stride, padding);
    }

    /** Extents of the output. */
    public FeatureShape output() {
        return new FeatureShape(
                outputs,
                (input.height() + 2 * padding - kernelHeight) / stride + 1,
                (input.width() + 2 * padding - kernelWidth) / stride + 1);
    }

    /** Shape of the weights. */
    public WeightShape weights() {
        return new WeightShape(outputs, kernelHeight, kernelWidth, input.channels());
    }

    /** Multiply-accumulates of the dense forward product for one image, padding counted as the papers do. */
    public long macsPerSample() {
        return (long) output().pixels() * weights().size();
    }
}
