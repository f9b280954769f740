package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import org.bame.datasets.Modality;
import org.bame.flops.LayerSparsity;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.SparsityPattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** A network by name. */
public interface NetworkFactory {

    /** Name that users type, for example {@code resnet32}. */
    String name();

    /** One line: depth, widths, what it is for. */
    String describe();

    /** What it reads. */
    default Modality modality() {
        return Modality.IMAGES;
    }

    /** Extents of the images that it was designed for; of a text its window: one channel, tokens as rows. */
    FeatureShape usualInput();

    /** Classes that it was designed for. */
    int usualClasses();

    /** The network with so many times the channels in every hidden layer, at least 1; empty if it has no such parameter. */
    default Optional<NetworkFactory> widened(int factor) {
        return factor == 1 ? Optional.of(this) : Optional.empty();
    }

    /**
     * The network with stochastic depth in training, whose probability rises linearly from 0 at the first residual branch to
     * this one at the last; empty if it has no such parameter.
     */
    default Optional<NetworkFactory> withDropPath(double probability) {
        return probability == 0 ? Optional.of(this) : Optional.empty();
    }

    /** Layers with weights, in forward order. */
    List<WeightedLayer> weightedLayers(FeatureShape input, int classes);

    /** Whether a pattern makes any layer sparse: its M may divide the input channels of none. */
    default boolean hasSparseLayers(FeatureShape input, int classes, SparsityPattern pattern) {
        return LayerSparsity.of(weightedLayers(input, classes), pattern).stream()
                .anyMatch(layer -> layer.verdict().sparse());
    }

    /**
     * Multiply-accumulates of one image, or window of a text, outside the weighted layers (attention products), dense in every
     * method.
     */
    long extraMacsPerSample(FeatureShape input, int classes);

    /** Trained parameters. */
    long parameters(FeatureShape input, int classes);

    /** Why it cannot be trained ({@code flops} still can count it); empty if it can, as all built-in ones. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /**
     * The trainable graph.
     *
     * @throws UnsupportedOperationException if there is an {@link #obstacle}
     */
    ComputationGraphConfiguration build(NetworkRequest request);
}
