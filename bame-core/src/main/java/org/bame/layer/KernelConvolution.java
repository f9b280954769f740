package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * A convolution with zero padding, without bias unless wanted, between a {@link BlockEntryVertex} and a
 * {@link BlockExitVertex}.
 * With groups, its weights are {@code [outputs, kernelHeight, kernelWidth, inputs of a group]}.
 */
public final class KernelConvolution extends ProductLayerConfiguration {
    private static final long serialVersionUID = 1L;

    private int kernelHeight = 1;
    private int kernelWidth = 1;
    private int stride = 1;
    private int padding;
    private boolean bias;
    private int groups = 1;

    /** For reading JSON. */
    public KernelConvolution() {
        super(LayerKind.CONV, WeightInitialisation.NORMAL_FAN_OUT);
    }

    /**
     * A square convolution, initialised by {@link WeightInitialisation#NORMAL_FAN_OUT}.
     *
     * @param kind what it is in its network
     * @param outputs output channels
     * @param kernel rows and columns of the kernel
     * @param stride step in both directions
     * @param padding zeros on every side
     */
    public KernelConvolution(LayerKind kind, int outputs, int kernel, int stride, int padding) {
        super(kind, WeightInitialisation.NORMAL_FAN_OUT);
        setNOut(outputs);
        this.kernelHeight = kernel;
        this.kernelWidth = kernel;
        this.stride = stride;
        this.padding = padding;
    }

    /**
     * A square depthwise convolution: a filter a channel, initialised by {@link WeightInitialisation#NORMAL_FAN_OUT}, which
     * counts the outputs of all groups, as PyTorch does. No method makes it sparse, since a filter has no block of input
     * channels to choose from.
     *
     * @param channels input channels, and as many output channels
     * @param kernel rows and columns of the kernel
     * @param stride step in both directions
     * @param padding zeros on every side
     */
    public static KernelConvolution depthwise(int channels, int kernel, int stride, int padding) {
        KernelConvolution layer = new KernelConvolution(LayerKind.DEPTHWISE, channels, kernel, stride, padding);
        layer.groups = channels;
        return layer;
    }

    /** Rows of the kernel. */
    public int getKernelHeight() {
        return kernelHeight;
    }

    /** Sets {@link #getKernelHeight}. */
    public void setKernelHeight(int kernelHeight) {
        this.kernelHeight = kernelHeight;
    }

    /** Columns of the kernel. */
    public int getKernelWidth() {
        return kernelWidth;
    }

    /** Sets {@link #getKernelWidth}. */
    public void setKernelWidth(int kernelWidth) {
        this.kernelWidth = kernelWidth;
    }

    /** Step in both directions. */
    public int getStride() {
        return stride;
    }

    /** Sets {@link #getStride}. */
    public void setStride(int stride) {
        this.stride = stride;
    }

    /** Zeros on every side. */
    public int getPadding() {
        return padding;
    }

    /** Sets {@link #getPadding}. */
    public void setPadding(int padding) {
        this.padding = padding;
    }

    /** Whether a bias is added. */
    public boolean isBias() {
        return bias;
    }

    /** Sets {@link #isBias}. */
    public void setBias(boolean bias) {
        this.bias = bias;
    }

    /** Ranges of channels that are convolved on their own; divides inputs and outputs. */
    public int getGroups() {
        return groups;
    }

    /** Sets {@link #getGroups}. */
    public void setGroups(int groups) {
        this.groups = groups;
    }

    @Override
    boolean withBias() {
        return bias;
    }

    @Override
    ConvolutionShape shape() {
        requireInput();
        return new ConvolutionShape(
                new FeatureShape((int) getNIn(), getInputHeight(), getInputWidth()),
                (int) getNOut(),
                kernelHeight,
                kernelWidth,
                stride,
                padding,
                groups);
    }

    @Override
    public KernelConvolution clone() {
        return (KernelConvolution) super.clone();
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof KernelConvolution that
                && that.kernelHeight == kernelHeight
                && that.kernelWidth == kernelWidth
                && that.stride == stride
                && that.padding == padding
                && that.bias == bias
                && that.groups == groups;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), kernelHeight, kernelWidth, stride, padding, bias, groups);
    }
}
