package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.Activation;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.PoolingShape;
import org.bame.sparsity.LayerKind;

/** A step of a network's forward pass. Inputs are named; {@link NetworkPlan#INPUT} is the image. */
public sealed interface NetworkNode {

    /** Name, unique in its network. */
    String name();

    /** Names of the nodes that it reads. */
    List<String> inputs();

    /** Extents of its result for one image. */
    FeatureShape output();

    /**
     * Convolution without bias.
     *
     * @param name of the node
     * @param kind what it is in the network
     * @param shape extents
     * @param from the node read
     */
    record Convolution(String name, LayerKind kind, ConvolutionShape shape, String from) implements NetworkNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return shape.output();
        }
    }

    /**
     * Batch normalisation, with an optional residual added behind it, then an activation.
     *
     * @param name of the node
     * @param output extents, the same as of its input
     * @param from the node normalised
     * @param residual the node added
     * @param activation what follows
     */
    record Normalisation(
            String name, FeatureShape output, String from, Optional<String> residual, Activation activation)
            implements
                NetworkNode {
        @Override
        public List<String> inputs() {
            return Stream.concat(Stream.of(from), residual.stream()).toList();
        }
    }

    /**
     * Parameter-free shortcut: every {@code stride}-th pixel, missing channels zero (He et al. 2016, option A).
     *
     * @param name of the node
     * @param input extents read
     * @param outputs channels of the result
     * @param stride step in both directions
     * @param from the node read
     */
    record Shortcut(String name, FeatureShape input, int outputs, int stride, String from) implements NetworkNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return new FeatureShape(
                    outputs, Math.ceilDiv(input.height(), stride), Math.ceilDiv(input.width(), stride));
        }
    }

    /**
     * Largest value of each window.
     *
     * @param name of the node
     * @param shape extents
     * @param from the node read
     */
    record MaxPool(String name, PoolingShape shape, String from) implements NetworkNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return shape.output();
        }
    }

    /**
     * Dropout in training.
     *
     * @param name of the node
     * @param output extents, the same as of its input
     * @param probability of dropping a number
     * @param from the node read
     */
    record Dropout(String name, FeatureShape output, double probability, String from) implements NetworkNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }
    }

    /**
     * Mean over all pixels of each channel.
     *
     * @param name of the node
     * @param input extents read
     * @param from the node read
     */
    record AveragePool(String name, FeatureShape input, String from) implements NetworkNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return FeatureShape.vector(input.channels());
        }
    }

    /**
     * Linear layer with bias.
     *
     * @param name of the node
     * @param kind what it is in the network
     * @param features inputs
     * @param outputs outputs
     * @param from the node read
     */
    record Linear(String name, LayerKind kind, int features, int outputs, String from) implements NetworkNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return FeatureShape.vector(outputs);
        }
    }

    /** A step that only transformers have. */
    sealed interface TokenNode extends NetworkNode
            permits
            TokenNodes.Product,
            TokenNodes.Lookup,
            TokenNodes.Embedding,
            TokenNodes.LayerNorm,
            TokenNodes.Attention,
            TokenNodes.Merging,
            TokenNodes.Gelu,
            TokenNodes.Residual,
            TokenNodes.DropPath,
            TokenNodes.Selection {

        /** Trained parameters. */
        default long parameters() {
            return 0;
        }

        /** The layer as the FLOPs account sees it, if it has weights. */
        default Optional<WeightedLayer> weighted() {
            return Optional.empty();
        }

        /** Multiply-accumulates of one image in products without weights. */
        default long extraMacs() {
            return 0;
        }
    }
}
