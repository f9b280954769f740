package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import org.bame.kernel.AttentionScope;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.MergingShape;
import org.bame.sparsity.LayerKind;

/**
 * Swin transformers (Liu et al. 2021) as torchvision has them: patches and a norm, stages of {@link TransformerBlocks} with
 * attention in windows, every second block's shifted by half a window, and between two stages a patch merging, which halves
 * rows and columns and doubles the width; then a norm, the mean over all tokens, and the head. A head of attention has
 * {@value #HEAD_SIZE} features.
 *
 * <p>Methods make sparse what they do of other transformers (qkv, projection, MLP), and the mergings' reductions: linear
 * layers like those, with the channels of 2 x 2 neighbours as inputs. Patches, biases of positions and head are dense.
 *
 * @param patch side of a patch
 * @param window side of a window of patches; at an edge of images that windows do not tile they are smaller
 * @param width features of a token in the first stage
 * @param depths blocks of each stage
 * @param dropPath probability of the last block's stochastic depth in training, in [0, 1); 0 for none
 */
public record SwinTransformer(int patch, int window, int width, List<Integer> depths, double dropPath) {

    private static final FeatureShape IMAGENET = new FeatureShape(3, 224, 224);
    private static final int IMAGENET_CLASSES = 1000;
    private static final FeatureShape CIFAR = new FeatureShape(3, 32, 32);
    private static final int CIFAR_CLASSES = 10;
    private static final int HEAD_SIZE = 32;
    private static final double NORM_EPSILON = 1e-5;

    /** Takes an unmodifiable copy. */
    public SwinTransformer {
        depths = List.copyOf(depths);
    }

    /** The networks that users can name. */
    public static List<NetworkFactory> networks() {
        return List.of(
                new SwinTransformer(4, 7, 96, List.of(2, 2, 6, 2), 0).named("swin-t", IMAGENET, IMAGENET_CLASSES),
                new SwinTransformer(4, 7, 96, List.of(2, 2, 18, 2), 0).named("swin-s", IMAGENET, IMAGENET_CLASSES),
                new SwinTransformer(2, 4, 96, List.of(2, 2, 2), 0).named("swin-cifar", CIFAR, CIFAR_CLASSES));
    }

    /** The network under a name. */
    public PlannedNetwork named(String name, FeatureShape image, int classes) {
        String description = "Swin for %dx%d images, patches of %d, windows of %d, width %d, stages of %s blocks"
                .formatted(image.height(), image.width(), patch, window, width, depths);
        return new PlannedNetwork(
                name,
                description,
                image,
                classes,
                this::plan,
                Optional.empty(),
                Optional.of(probability -> new SwinTransformer(patch, window, width, depths, probability)
                        .named(name, image, classes)));
    }

    /**
     * The network for given images and classes.
     *
     * @throws IllegalArgumentException if patches do not tile the image, or mergings a stage
     */
    public NetworkPlan plan(FeatureShape image, int classes) {
        PlanBuilder plan = new PlanBuilder(image);
        int blocks = depths.stream().mapToInt(Integer::intValue).sum();
        TransformerBlocks all = new TransformerBlocks(plan, blocks, NORM_EPSILON, dropPath);
        String at = all.patches("patches", patch, width);
        at = all.norm("patches.norm", at);
        int block = 0;
        for (int stage = 0; stage < depths.size(); stage++) {
            if (stage > 0) {
                at = merging(all, "merging" + stage, at);
            }
            int heads = plan.shape(at).channels() / HEAD_SIZE;
            for (int i = 0; i < depths.get(stage); i++) {
                block++;
                at = all.add(block, heads, new AttentionScope.Windows(window, i % 2 * (window / 2)), at);
            }
        }
        at = all.norm("norm", at);
        at = plan.averagePool("pool", at);
        all.linear("classifier", LayerKind.CLASSIFIER, at, classes);
        return plan.plan(classes);
    }

    private static String merging(TransformerBlocks all, String name, String from) {
        FeatureShape fine = all.plan().shape(from);
        String at = all.plan().add(new TokenNodes.Merging(name, new MergingShape(fine), from));
        at = all.norm(name + ".norm", at);
        return all.linear(name + ".reduction", LayerKind.LINEAR, at, 2 * fine.channels(), false);
    }
}
