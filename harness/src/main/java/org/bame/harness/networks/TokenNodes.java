package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import org.bame.flops.WeightedLayer;
import org.bame.harness.networks.NetworkNode.TokenNode;
import org.bame.kernel.AttentionShape;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.EmbeddingShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.MergingShape;
import org.bame.sparsity.LayerKind;

/** The steps that only transformers have. Tokens are pixels. */
public final class TokenNodes {

    private TokenNodes() {}

    /**
     * A transformer's convolution: the patches, a linear layer on every token, or the head.
     *
     * @param name of the node
     * @param kind what it is in the network
     * @param shape extents
     * @param bias whether a bias is added
     * @param from the node read
     */
    public record Product(String name, LayerKind kind, ConvolutionShape shape, boolean bias, String from)
            implements
                TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return shape.output();
        }

        @Override
        public long parameters() {
            return shape.weights().size() + (bias ? shape.outputs() : 0L);
        }

        @Override
        public Optional<WeightedLayer> weighted() {
            return Optional.of(new WeightedLayer(name, kind, shape.weights(), output().pixels()));
        }
    }

    /**
     * Vectors of token ids.
     *
     * @param name of the node
     * @param vocabulary number of different tokens
     * @param output extents: the vectors' features, the tokens
     * @param from the node read, which gives the ids as one channel
     */
    public record Lookup(String name, int vocabulary, FeatureShape output, String from) implements TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public long parameters() {
            return (long) vocabulary * output.channels();
        }
    }

    /**
     * Class token and learned positions.
     *
     * @param name of the node
     * @param shape extents
     * @param from the node read
     */
    public record Embedding(String name, EmbeddingShape shape, String from) implements TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return shape.output();
        }

        @Override
        public long parameters() {
            return shape.positions() + (shape.classToken() ? shape.patches().channels() : 0L);
        }
    }

    /**
     * Layer normalisation.
     *
     * @param name of the node
     * @param output extents, the same as of its input
     * @param epsilon added to the variance
     * @param from the node read
     */
    public record LayerNorm(String name, FeatureShape output, double epsilon, String from) implements TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public long parameters() {
            return 2L * output.channels();
        }
    }

    /**
     * Softmax attention.
     *
     * @param name of the node
     * @param shape extents
     * @param from the node read, which gives queries, keys and values
     */
    public record Attention(String name, AttentionShape shape, String from) implements TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return shape.output();
        }

        @Override
        public long parameters() {
            return shape.biases();
        }

        @Override
        public long extraMacs() {
            return shape.macs();
        }
    }

    /**
     * Channels of 2 x 2 neighbouring tokens side by side.
     *
     * @param name of the node
     * @param shape extents
     * @param from the node read
     */
    public record Merging(String name, MergingShape shape, String from) implements TokenNode {
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
     * GELU.
     *
     * @param name of the node
     * @param output extents, the same as of its input
     * @param from the node read
     */
    public record Gelu(String name, FeatureShape output, String from) implements TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }
    }

    /**
     * Residual connection.
     *
     * @param name of the node
     * @param output extents, the same as of its inputs
     * @param from the node past which it leads
     * @param branch the node added
     */
    public record Residual(String name, FeatureShape output, String from, String branch) implements TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from, branch);
        }
    }

    /**
     * Stochastic depth in training: an image skips the branch that ends here.
     *
     * @param name of the node
     * @param output extents, the same as of its input
     * @param probability of skipping
     * @param from the node read
     */
    public record DropPath(String name, FeatureShape output, double probability, String from) implements TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }
    }

    /**
     * Takes one token.
     *
     * @param name of the node
     * @param input extents read
     * @param token its number, from 0
     * @param from the node read
     */
    public record Selection(String name, FeatureShape input, int token, String from) implements TokenNode {
        @Override
        public List<String> inputs() {
            return List.of(from);
        }

        @Override
        public FeatureShape output() {
            return FeatureShape.vector(input.channels());
        }
    }
}
