package org.bame.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bame.kernel.Activation;
import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Batch normalisation with an activation and an optional residual: {@code activation(norm(input 0) + input 1)}, fused
 * each way. Conventions of PyTorch: epsilon inside the root, running variance unbiased.
 *
 * <p>Parameters {@code gamma}, {@code beta}, {@code mean}, {@code var} of {@code channels} numbers each, in this order.
 * The last two are the running statistics: saved and restored with the model, untouched by updaters, decay and
 * clipping.
 */
public final class NormalisationVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int channels;
    private Activation activation;
    private double epsilon = 1e-5;
    private double momentum = 0.1;
    private IUpdater updater;

    /** For reading JSON. */
    public NormalisationVertex() {}

    /**
     * A normalisation with epsilon 1e-5 and momentum 0.1.
     *
     * @param channels channels of its inputs
     * @param activation what follows
     */
    public NormalisationVertex(int channels, Activation activation) {
        this.channels = channels;
        this.activation = activation;
    }

    /** Channels of its inputs. */
    public int getChannels() {
        return channels;
    }

    /** Sets {@link #getChannels}. */
    public void setChannels(int channels) {
        this.channels = channels;
    }

    /** What follows; one that takes no residual allows no second input. */
    public Activation getActivation() {
        return activation;
    }

    /** Sets {@link #getActivation}. */
    public void setActivation(Activation activation) {
        this.activation = activation;
    }

    /** Added to the variance. */
    public double getEpsilon() {
        return epsilon;
    }

    /** Sets {@link #getEpsilon}. */
    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

    /** Weight of the newest batch in the running statistics. */
    public double getMomentum() {
        return momentum;
    }

    /** Sets {@link #getMomentum}. */
    public void setMomentum(double momentum) {
        this.momentum = momentum;
    }

    /**
     * Deeplearning4j's updater of gamma and beta where the graph is trained without {@link SparseTrainer}; null for the
     * updater of the graph's first layer with parameters, which is the one set for the whole graph.
     */
    public IUpdater getUpdater() {
        return updater;
    }

    /** Sets {@link #getUpdater}. */
    public void setUpdater(IUpdater updater) {
        this.updater = updater;
    }

    @Override
    public long numParams(boolean backprop) {
        return 4L * channels;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new Normalisation(this, graph, name, index, params, initialise, effectiveUpdater(graph), dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        if (activation == null) {
            throw new InvalidInputTypeException("NormalisationVertex without activation, expected one of "
                    + Arrays.toString(Activation.values()));
        }
        if (inputs.length > 1 && !activation.takesResidual()) {
            throw new InvalidInputTypeException("NormalisationVertex with " + activation + " got a residual, which that"
                    + " activation cannot take: use RELU or RELU6, or add the residual elsewhere");
        }
        FeatureShape first = shape(inputs[0], "NormalisationVertex");
        if (first.channels() != channels) {
            throw new InvalidInputTypeException(
                    "NormalisationVertex for " + channels + " channels got an input of " + first);
        }
        if (inputs.length > 1 && !shape(inputs[1], "NormalisationVertex").equals(first)) {
            throw new InvalidInputTypeException("NormalisationVertex adds inputs of one shape, got " + first + " and "
                    + shape(inputs[1], "NormalisationVertex")
                    + ": use a ShortcutVertex or a 1x1 convolution in the residual path");
        }
        return type(first);
    }

    @Override
    public NormalisationVertex clone() {
        NormalisationVertex copy = new NormalisationVertex(channels, activation);
        copy.epsilon = epsilon;
        copy.momentum = momentum;
        copy.updater = updater == null ? null : updater.clone();
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NormalisationVertex that
                && that.channels == channels
                && that.activation == activation
                && that.epsilon == epsilon
                && that.momentum == momentum
                && Objects.equals(that.updater, updater);
    }

    @Override
    public int hashCode() {
        return Objects.hash(channels, activation, epsilon, momentum, updater);
    }

    /** Graph-wide settings reach layers only, so the updater is read off a layer. */
    private IUpdater effectiveUpdater(ComputationGraph graph) {
        if (updater != null) {
            return updater;
        }
        List<IUpdater> ofLayers = graph.getConfiguration().getVertices().values().stream()
                .filter(LayerVertex.class::isInstance)
                .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
                .filter(ProductLayerConfiguration.class::isInstance)
                .map(layer -> ((BaseLayer) layer).getIUpdater())
                .filter(Objects::nonNull)
                .toList();
        if (ofLayers.isEmpty()) {
            throw new IllegalStateException(
                    "No updater for a NormalisationVertex: set one on the configuration builder");
        }
        return ofLayers.getFirst();
    }
}
