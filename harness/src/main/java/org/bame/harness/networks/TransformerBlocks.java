package org.bame.harness.networks;

import org.bame.kernel.AttentionShape;
import org.bame.kernel.ConvolutionShape;
import org.bame.sparsity.LayerKind;

/**
 * The blocks of a pre-norm transformer: {@code x + attention(norm(x))}, {@code x + mlp(norm(x))}.
 *
 * <p>With stochastic depth (Huang et al. 2016) both branches of block i of b are dropped with probability
 * {@code dropPath (i - 1) / (b - 1)}, image by image, as in timm; a branch whose probability is 0 has no node for it.
 *
 * @param plan that they are added to
 * @param width features of a token
 * @param blocks number of blocks
 * @param heads heads of attention
 * @param causal whether a token sees only itself and earlier ones
 * @param dropPath probability of the last block's stochastic depth in training, in [0, 1); 0 for none
 */
record TransformerBlocks(PlanBuilder plan, int width, int blocks, int heads, boolean causal, double dropPath) {

    private static final int MLP_RATIO = 4;

    /** Adds all of them behind a node; the last one's name. */
    String addBehind(String from) {
        String at = from;
        for (int block = 1; block <= blocks; block++) {
            double dropping = blocks == 1 ? 0 : dropPath * (block - 1) / (blocks - 1);
            at = attention("block" + block, dropping, at);
            at = mlp("block" + block, dropping, at);
        }
        return at;
    }

    private String attention(String block, double dropping, String from) {
        String at = norm(plan, block + ".norm1", from);
        at = linear(plan, block + ".qkv", LayerKind.QKV, at, 3 * width);
        AttentionShape shape = new AttentionShape(plan.shape(at), heads, causal);
        at = plan.add(new TokenNodes.Attention(block + ".attention", shape, at));
        at = linear(plan, block + ".projection", LayerKind.PROJECTION, at, width);
        at = dropPath(block + ".drop1", dropping, at);
        return plan.add(new TokenNodes.Residual(block + ".residual1", plan.shape(at), from, at));
    }

    private String mlp(String block, double dropping, String from) {
        String at = norm(plan, block + ".norm2", from);
        at = linear(plan, block + ".mlp_in", LayerKind.MLP_IN, at, MLP_RATIO * width);
        at = plan.add(new TokenNodes.Gelu(block + ".gelu", plan.shape(at), at));
        at = linear(plan, block + ".mlp_out", LayerKind.MLP_OUT, at, width);
        at = dropPath(block + ".drop2", dropping, at);
        return plan.add(new TokenNodes.Residual(block + ".residual2", plan.shape(at), from, at));
    }

    private String dropPath(String name, double probability, String from) {
        return probability == 0
                ? from
                : plan.add(new TokenNodes.DropPath(name, plan.shape(from), probability, from));
    }

    static String norm(PlanBuilder plan, String name, String from) {
        return plan.add(new TokenNodes.LayerNorm(name, plan.shape(from), from));
    }

    /** A linear layer on every token. */
    static String linear(PlanBuilder plan, String name, LayerKind kind, String from, int outputs) {
        ConvolutionShape shape = ConvolutionShape.square(plan.shape(from), outputs, 1, 1, 0);
        return plan.add(new TokenNodes.BiasedProduct(name, kind, shape, from));
    }
}
