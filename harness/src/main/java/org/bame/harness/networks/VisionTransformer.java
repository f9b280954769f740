package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import org.bame.kernel.AttentionShape;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.EmbeddingShape;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * Vision transformers as DeiT has them (Touvron et al. 2021, without distillation): patches, class token and learned
 * positions, then blocks {@code x + attention(norm(x))}, {@code x + mlp(norm(x))}, a last norm and the head on the class
 * token. A norm works token by token, so the last one runs on the class token alone.
 *
 * <p>With stochastic depth (Huang et al. 2016) both branches of block i of b are dropped with probability
 * {@code dropPath (i - 1) / (b - 1)}, image by image, as in timm; a branch whose probability is 0 has no node for it.
 *
 * @param patch side of a patch
 * @param width features of a token
 * @param blocks number of blocks
 * @param heads heads of attention
 * @param dropPath probability of the last block's stochastic depth in training, in [0, 1); 0 for none
 */
public record VisionTransformer(int patch, int width, int blocks, int heads, double dropPath) {

    private static final FeatureShape IMAGENET = new FeatureShape(3, 224, 224);
    private static final int IMAGENET_CLASSES = 1000;
    private static final FeatureShape CIFAR = new FeatureShape(3, 32, 32);
    private static final int CIFAR_CLASSES = 10;
    private static final int MLP_RATIO = 4;
    private static final int HEAD_SIZE = 64;
    private static final int CLASS_TOKEN = 0;

    /** Without stochastic depth. */
    public VisionTransformer(int patch, int width, int blocks, int heads) {
        this(patch, width, blocks, heads, 0);
    }

    /** The networks that users can name. */
    public static List<NetworkFactory> networks() {
        return List.of(
                named("deit-t", "DeiT-Tiny", 16, 192, IMAGENET, IMAGENET_CLASSES),
                named("deit-s", "DeiT-Small", 16, 384, IMAGENET, IMAGENET_CLASSES),
                named("deit-b", "DeiT-Base", 16, 768, IMAGENET, IMAGENET_CLASSES),
                named("deit-t-cifar", "DeiT-Tiny", 4, 192, CIFAR, CIFAR_CLASSES));
    }

    private static NetworkFactory named(
            String name, String family, int patch, int width, FeatureShape image, int classes) {
        VisionTransformer network = new VisionTransformer(patch, width, 12, width / HEAD_SIZE);
        String description = "%s for %dx%d images, patches of %d, width %d, %d heads"
                .formatted(family, image.height(), image.width(), patch, width, network.heads);
        return network.named(name, description, image, classes);
    }

    /** The network under a name. */
    PlannedNetwork named(String name, String description, FeatureShape image, int classes) {
        return new PlannedNetwork(
                name,
                description,
                image,
                classes,
                this::plan,
                Optional.empty(),
                Optional.of(probability -> new VisionTransformer(patch, width, blocks, heads, probability)
                        .named(name, description, image, classes)));
    }

    /**
     * The network for given images and classes.
     *
     * @throws IllegalArgumentException if patches do not tile the image
     */
    public NetworkPlan plan(FeatureShape image, int classes) {
        if (image.height() % patch != 0 || image.width() % patch != 0) {
            throw new IllegalArgumentException("Patches of " + patch + "x" + patch + " do not tile an image of " + image
                    + ": take images whose sides are multiples of " + patch + ", or another network");
        }
        PlanBuilder plan = new PlanBuilder(image);
        String at = plan.add(new TokenNodes.BiasedProduct(
                "patches",
                LayerKind.PATCH,
                ConvolutionShape.square(image, width, patch, patch, 0),
                NetworkPlan.INPUT));
        at = plan.add(new TokenNodes.Embedding("tokens", new EmbeddingShape(plan.shape(at), true), at));
        for (int block = 1; block <= blocks; block++) {
            double dropping = blocks == 1 ? 0 : dropPath * (block - 1) / (blocks - 1);
            at = attention(plan, "block" + block, dropping, at);
            at = mlp(plan, "block" + block, dropping, at);
        }
        at = plan.add(new TokenNodes.Selection("class", plan.shape(at), CLASS_TOKEN, at));
        at = norm(plan, "norm", at);
        linear(plan, "classifier", LayerKind.CLASSIFIER, at, classes);
        return plan.plan(classes);
    }

    private String attention(PlanBuilder plan, String block, double dropping, String from) {
        String at = norm(plan, block + ".norm1", from);
        at = linear(plan, block + ".qkv", LayerKind.QKV, at, 3 * width);
        AttentionShape shape = new AttentionShape(plan.shape(at), heads, false);
        at = plan.add(new TokenNodes.Attention(block + ".attention", shape, at));
        at = linear(plan, block + ".projection", LayerKind.PROJECTION, at, width);
        at = dropPath(plan, block + ".drop1", dropping, at);
        return plan.add(new TokenNodes.Residual(block + ".residual1", plan.shape(at), from, at));
    }

    private String mlp(PlanBuilder plan, String block, double dropping, String from) {
        String at = norm(plan, block + ".norm2", from);
        at = linear(plan, block + ".mlp_in", LayerKind.MLP_IN, at, MLP_RATIO * width);
        at = plan.add(new TokenNodes.Gelu(block + ".gelu", plan.shape(at), at));
        at = linear(plan, block + ".mlp_out", LayerKind.MLP_OUT, at, width);
        at = dropPath(plan, block + ".drop2", dropping, at);
        return plan.add(new TokenNodes.Residual(block + ".residual2", plan.shape(at), from, at));
    }

    private static String dropPath(PlanBuilder plan, String name, double probability, String from) {
        return probability == 0
                ? from
                : plan.add(new TokenNodes.DropPath(name, plan.shape(from), probability, from));
    }

    private static String norm(PlanBuilder plan, String name, String from) {
        return plan.add(new TokenNodes.LayerNorm(name, plan.shape(from), from));
    }

    private static String linear(PlanBuilder plan, String name, LayerKind kind, String from, int outputs) {
        ConvolutionShape shape = ConvolutionShape.square(plan.shape(from), outputs, 1, 1, 0);
        return plan.add(new TokenNodes.BiasedProduct(name, kind, shape, from));
    }
}
