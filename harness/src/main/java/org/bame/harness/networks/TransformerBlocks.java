package org.bame.harness.networks;

import org.bame.kernel.AttentionScope;
import org.bame.kernel.AttentionShape;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * The blocks of a pre-norm transformer, {@code x + attention(norm(x))} and {@code x + mlp(norm(x))}, and what stands around them.
 * Every method returns the name of the node added last.
 *
 * <p>With stochastic depth (Huang et al. 2016) both branches of block i of b are dropped with probability
 * {@code dropPath (i - 1) / (b - 1)}, image by image, as in timm; a branch whose probability is 0 has no node for it.
 *
 * @param plan that they are added to
 * @param blocks number of blocks
 * @param epsilon of the norms
 * @param dropPath probability of the last block's stochastic depth in training, in [0, 1); 0 for none
 */
record TransformerBlocks(PlanBuilder plan, int blocks, double epsilon, double dropPath) {

    private static final int MLP_RATIO = 4;

    /**
     * Adds the patches of the image.
     *
     * @throws IllegalArgumentException if they do not tile it
     */
    String patches(String name, int patch, int width) {
        FeatureShape image = plan.shape(NetworkPlan.INPUT);
        if (image.height() % patch != 0 || image.width() % patch != 0) {
            throw new IllegalArgumentException("Patches of " + patch + "x" + patch + " do not tile an image of " + image
                    + ": take images whose sides are multiples of " + patch + ", or another network");
        }
        ConvolutionShape shape = ConvolutionShape.square(image, width, patch, patch, 0);
        return plan.add(new TokenNodes.Product(name, LayerKind.PATCH, shape, true, NetworkPlan.INPUT));
    }

    /** Adds all blocks, which are alike. */
    String addAll(int heads, AttentionScope scope, String from) {
        String at = from;
        for (int block = 1; block <= blocks; block++) {
            at = add(block, heads, scope, at);
        }
        return at;
    }

    /** Adds a block; the first has number 1. */
    String add(int block, int heads, AttentionScope scope, String from) {
        double dropping = blocks == 1 ? 0 : dropPath * (block - 1) / (blocks - 1);
        String at = attention("block" + block, heads, scope, dropping, from);
        return mlp("block" + block, dropping, at);
    }

    private String attention(String block, int heads, AttentionScope scope, double dropping, String from) {
        int width = plan.shape(from).channels();
        String at = norm(block + ".norm1", from);
        at = linear(block + ".qkv", LayerKind.QKV, at, 3 * width);
        AttentionShape shape = new AttentionShape(plan.shape(at), heads, scope);
        at = plan.add(new TokenNodes.Attention(block + ".attention", shape, at));
        at = linear(block + ".projection", LayerKind.PROJECTION, at, width);
        at = dropPath(block + ".drop1", dropping, at);
        return plan.add(new TokenNodes.Residual(block + ".residual1", plan.shape(at), from, at));
    }

    private String mlp(String block, double dropping, String from) {
        int width = plan.shape(from).channels();
        String at = norm(block + ".norm2", from);
        at = linear(block + ".mlp_in", LayerKind.MLP_IN, at, MLP_RATIO * width);
        at = plan.add(new TokenNodes.Gelu(block + ".gelu", plan.shape(at), at));
        at = linear(block + ".mlp_out", LayerKind.MLP_OUT, at, width);
        at = dropPath(block + ".drop2", dropping, at);
        return plan.add(new TokenNodes.Residual(block + ".residual2", plan.shape(at), from, at));
    }

    private String dropPath(String name, double probability, String from) {
        return probability == 0
                ? from
                : plan.add(new TokenNodes.DropPath(name, plan.shape(from), probability, from));
    }

    /** Adds a layer normalisation. */
    String norm(String name, String from) {
        return plan.add(new TokenNodes.LayerNorm(name, plan.shape(from), epsilon, from));
    }

    /** Adds a linear layer with bias on every token. */
    String linear(String name, LayerKind kind, String from, int outputs) {
        return linear(name, kind, from, outputs, true);
    }

    /** Adds a linear layer on every token. */
    String linear(String name, LayerKind kind, String from, int outputs, boolean bias) {
        ConvolutionShape shape = ConvolutionShape.square(plan.shape(from), outputs, 1, 1, 0);
        return plan.add(new TokenNodes.Product(name, kind, shape, bias, from));
    }
}
