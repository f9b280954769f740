package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * A linear layer, applied to every pixel (or token) of blocks: a 1x1 convolution with a bias. After an
 * {@link AveragePoolVertex} it is the classifier of an image network.
 */
public final class KernelLinear extends ProductLayerConfiguration {
    private static final long serialVersionUID = 1L;

    private boolean bias = true;

    /** For reading JSON. */
    public KernelLinear() {
        super(LayerKind.LINEAR, WeightInitialisation.UNIFORM_FAN_IN);
    }

    /**
     * A linear layer with bias, initialised by {@link WeightInitialisation#UNIFORM_FAN_IN}.
     *
     * @param kind what it is in its network
     * @param outputs output features
     */
    public KernelLinear(LayerKind kind, int outputs) {
        super(kind, WeightInitialisation.UNIFORM_FAN_IN);
        setNOut(outputs);
    }

    /** Whether a bias is added. */
    public boolean isBias() {
        return bias;
    }

    /** Sets {@link #isBias}. */
    public void setBias(boolean bias) {
        this.bias = bias;
    }

    @Override
    boolean withBias() {
        return bias;
    }

    @Override
    ConvolutionShape shape() {
        requireInput();
        FeatureShape input = new FeatureShape((int) getNIn(), getInputHeight(), getInputWidth());
        return new ConvolutionShape(input, (int) getNOut(), 1, 1, 1, 0);
    }

    @Override
    public KernelLinear clone() {
        return (KernelLinear) super.clone();
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && other instanceof KernelLinear that && that.bias == bias;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), bias);
    }
}
