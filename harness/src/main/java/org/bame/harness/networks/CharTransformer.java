package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import org.bame.datasets.text.Text;
import org.bame.kernel.AttentionScope;
import org.bame.kernel.EmbeddingShape;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * A decoder of characters, after GPT-2 (Radford et al. 2019) as nanoGPT has it in small: a vector a character, learned
 * positions, {@link TransformerBlocks} of causal attention, a last norm, and a head that predicts the next character at every
 * position. Unlike nanoGPT's, linear layers and norms have biases, the head has weights of its own, and projections do not
 * begin smaller than other layers. Table, positions and head are dense; qkv, projection and MLP are what methods make sparse.
 *
 * <p>A sample is a window of a text: all costs are those of its tokens together.
 *
 * @param width features of a token
 * @param blocks number of blocks
 * @param heads heads of attention
 * @param dropPath probability of the last block's stochastic depth in training, in [0, 1); 0 for none
 */
public record CharTransformer(int width, int blocks, int heads, double dropPath) {

    private static final double NORM_EPSILON = 1e-6;

    /** The networks that users can name. */
    public static List<NetworkFactory> networks() {
        return List.of(new CharTransformer(128, 4, 4, 0).named(
                "char-transformer", Text.DEFAULT_LENGTH, Text.SHAKESPEARE_CHARACTERS));
    }

    /** The network under a name, for windows and vocabularies of any size. */
    PlannedNetwork named(String name, int usualTokens, int usualVocabulary) {
        return new PlannedNetwork(
                name,
                "decoder of characters, %d blocks, width %d, %d heads".formatted(blocks, width, heads),
                new FeatureShape(1, usualTokens, 1),
                usualVocabulary,
                this::plan,
                Optional.of(factor -> new CharTransformer(factor * width, blocks, factor * heads, dropPath)
                        .named(name, usualTokens, usualVocabulary)),
                Optional.of(probability -> new CharTransformer(width, blocks, heads, probability)
                        .named(name, usualTokens, usualVocabulary)));
    }

    /**
     * The network for given windows and vocabulary.
     *
     * @param window one channel of ids
     * @param vocabulary number of different characters
     * @throws IllegalArgumentException if it is no window
     */
    public NetworkPlan plan(FeatureShape window, int vocabulary) {
        if (window.channels() != 1) {
            throw new IllegalArgumentException("A decoder reads one channel of token ids, got an input of " + window);
        }
        PlanBuilder plan = new PlanBuilder(window);
        FeatureShape vectors = new FeatureShape(width, window.pixels(), 1);
        String at = plan.add(new TokenNodes.Lookup("table", vocabulary, vectors, NetworkPlan.INPUT));
        at = plan.add(new TokenNodes.Embedding("positions", new EmbeddingShape(vectors, false), at));
        TransformerBlocks all = new TransformerBlocks(plan, blocks, NORM_EPSILON, dropPath);
        at = all.addAll(heads, AttentionScope.CAUSAL, at);
        at = all.norm("norm", at);
        all.linear("head", LayerKind.CLASSIFIER, at, vocabulary);
        return plan.plan(vocabulary);
    }
}
