package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation over the channels of each pixel or token (Ba et al. 2016). Parameters {@code gamma} and
 * {@code beta} of {@code channels} numbers each, in this order.
 */
public final class LayerNormVertex extends ParameterVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int channels;
    private double epsilon = 1e-6;

    /** For reading JSON. */
    public LayerNormVertex() {}

    /**
     * A normalisation with epsilon 1e-6, as vision transformers have it.
     *
     * @param channels channels of its input
     */
    public LayerNormVertex(int channels) {
        this.channels = channels;
    }

    /** Channels of its input. */
    public int getChannels() {
        return channels;
    }

    /** Sets {@link #getChannels}. */
    public void setChannels(int channels) {
        this.channels = channels;
    }

    /** Added to the variance. */
    public double getEpsilon() {
        return epsilon;
    }

    /** Sets {@link #getEpsilon}. */
    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

    @Override
    public long numParams(boolean backprop) {
        return 2L * channels;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new LayerNorm(this, graph, name, index, params, initialise, effectiveUpdater(graph), dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        FeatureShape input = shape(inputs[0], "LayerNormVertex");
        if (input.channels() != channels) {
            throw new InvalidInputTypeException(
                    "LayerNormVertex for " + channels + " channels got an input of " + input);
        }
        return type(input);
    }

    @Override
    public LayerNormVertex clone() {
        LayerNormVertex copy = new LayerNormVertex(channels);
        copy.epsilon = epsilon;
        copy.setUpdater(getUpdater() == null ? null : getUpdater().clone());
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerNormVertex that
                && that.channels == channels
                && that.epsilon == epsilon
                && Objects.equals(that.getUpdater(), getUpdater());
    }

    @Override
    public int hashCode() {
        return Objects.hash(channels, epsilon, getUpdater());
    }
}
