package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import org.bame.kernel.AttentionScope;
import org.bame.kernel.EmbeddingShape;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * Vision transformers as DeiT has them (Touvron et al. 2021, without distillation): patches, class token and learned
 * positions, then {@link TransformerBlocks}, a last norm and the head on the class token. A norm works token by token, so the
 * last one runs on the class token alone.
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
    private static final int HEAD_SIZE = 64;
    private static final int CLASS_TOKEN = 0;
    private static final double NORM_EPSILON = 1e-6;

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
        PlanBuilder plan = new PlanBuilder(image);
        TransformerBlocks all = new TransformerBlocks(plan, blocks, NORM_EPSILON, dropPath);
        String at = all.patches("patches", patch, width);
        at = plan.add(new TokenNodes.Embedding("tokens", new EmbeddingShape(plan.shape(at), true), at));
        at = all.addAll(heads, AttentionScope.FULL, at);
        at = plan.add(new TokenNodes.Selection("class", plan.shape(at), CLASS_TOKEN, at));
        at = all.norm("norm", at);
        all.linear("classifier", LayerKind.CLASSIFIER, at, classes);
        return plan.plan(classes);
    }
}
