package org.bame.kernel;

/**
 * Extents of multi-head self-attention (Vaswani et al. 2017). The input holds for each token (pixel) the queries of all
 * heads, then the keys, then the values: channel {@code (part * heads + head) * headSize + feature}, as timm's and
 * PyTorch's {@code qkv} layers write it.
 *
 * @param input extents of queries, keys and values
 * @param heads number of heads
 * @param scope which tokens a token sees
 */
public record AttentionShape(FeatureShape input, int heads, AttentionScope scope) {
    /** Checks that the channels are three parts of so many heads. */
    public AttentionShape {
        if (heads < 1 || input.channels() % (3 * heads) != 0) {
            throw new IllegalArgumentException("Attention of " + heads + " heads got an input of " + input
                    + ", expected a multiple of " + 3L * heads + " channels (query, key and value of each head)");
        }
    }

    /** Features of a head. */
    public int headSize() {
        return input.channels() / (3 * heads);
    }

    /** Tokens of an image. */
    public int tokens() {
        return input.pixels();
    }

    /** Extents of the result: the heads' values side by side. */
    public FeatureShape output() {
        return new FeatureShape(input.channels() / 3, input.height(), input.width());
    }

    /** What scores are multiplied by: {@code 1 / sqrt(headSize)}. */
    public double scale() {
        return 1 / Math.sqrt(headSize());
    }

    /**
     * Extents of what the forward pass keeps: for each token the largest score of each head, then the inverse sums of
     * exponentials.
     */
    public FeatureShape statistics() {
        return new FeatureShape(2 * heads, input.height(), input.width());
    }

    /** Numbers of the learned bias of relative positions, {@code [relative position][head]}; 0 if the scope has none. */
    public int biases() {
        return scope.biasesPerHead() * heads;
    }

    /** Multiply-accumulates of one image forward: scores and weighted values, masked ones included. */
    public long macs() {
        return 2L * tokens() * scope.reach(input) * heads * headSize();
    }

    /** Checks a bias, or its gradient. */
    void checkBias(String name, Storage bias, ElementType type) {
        if (biases() > 0) {
            Checks.storage(name, bias, type, biases());
        } else if (bias != null) {
            throw new IllegalArgumentException("Got " + name + ", expected null: " + scope + " attention has none");
        }
    }
}
