package org.bame.harness.networks;

import java.util.List;
import java.util.Optional;
import org.bame.kernel.Activation;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * The residual networks of He et al. 2016, section 4.2, for small images: a 3x3 stem, three stages of basic blocks at
 * full, half and quarter resolution, global average pooling and a classifier; depth = 6 x blocks + 2.
 *
 * @param blocks basic blocks in a stage
 * @param widths channels of the three stages
 * @param shortcut what bridges a change of extents
 */
public record CifarResNet(int blocks, List<Integer> widths, Shortcut shortcut) {

    private static final FeatureShape IMAGE = new FeatureShape(3, 32, 32);
    private static final int CLASSES = 10;
    private static final List<Integer> CLASSIC = List.of(16, 32, 64);
    private static final List<Integer> WIDE = List.of(32, 64, 128);

    /** What bridges a change of extents. */
    public enum Shortcut {
        /** Subsampling and zero channels, no parameters (option A). */
        PARAMETER_FREE,
        /** A 1x1 convolution and a normalisation (option B). */
        PROJECTION
    }

    /** The networks that users can name. */
    public static List<NetworkFactory> networks() {
        return List.of(
                named("resnet8", 1, CLASSIC, Shortcut.PARAMETER_FREE),
                named("resnet20", 3, CLASSIC, Shortcut.PARAMETER_FREE),
                named("resnet32", 5, CLASSIC, Shortcut.PARAMETER_FREE),
                named("resnet56", 9, CLASSIC, Shortcut.PARAMETER_FREE),
                named("resnet32-wide", 5, WIDE, Shortcut.PARAMETER_FREE),
                named("resnet20-projection", 3, CLASSIC, Shortcut.PROJECTION),
                named("resnet32-projection", 5, CLASSIC, Shortcut.PROJECTION));
    }

    private static NetworkFactory named(String name, int blocks, List<Integer> widths, Shortcut shortcut) {
        CifarResNet network = new CifarResNet(blocks, widths, shortcut);
        String description = "ResNet-%d for 32x32 images, widths %d/%d/%d, %s shortcuts"
                .formatted(
                        6 * blocks + 2,
                        widths.get(0),
                        widths.get(1),
                        widths.get(2),
                        shortcut == Shortcut.PROJECTION ? "projection" : "parameter-free");
        return new PlannedNetwork(
                name,
                description,
                IMAGE,
                CLASSES,
                network::plan,
                Optional.of(factor -> named(
                        name + "-x" + factor,
                        blocks,
                        widths.stream().map(width -> factor * width).toList(),
                        shortcut)));
    }

    /** The network for given images and classes. */
    public NetworkPlan plan(FeatureShape image, int classes) {
        PlanBuilder plan = new PlanBuilder(image);
        String at = plan.convolution("stem", LayerKind.STEM, NetworkPlan.INPUT, widths.getFirst(), 3, 1);
        at = plan.normalise("stem.norm", at, Activation.RELU);
        for (int stage = 0; stage < widths.size(); stage++) {
            for (int block = 0; block < blocks; block++) {
                String name = "stage" + (stage + 1) + ".block" + (block + 1);
                at = basicBlock(plan, name, at, widths.get(stage), stage > 0 && block == 0 ? 2 : 1);
            }
        }
        at = plan.averagePool("pool", at);
        return plan.classifier("classifier", at, classes);
    }

    private String basicBlock(PlanBuilder plan, String name, String from, int width, int stride) {
        String at = plan.convolution(name + ".conv1", LayerKind.CONV3X3, from, width, 3, stride);
        at = plan.normalise(name + ".norm1", at, Activation.RELU);
        at = plan.convolution(name + ".conv2", LayerKind.CONV3X3, at, width, 3, 1);
        String residual = from;
        if (stride != 1 || plan.shape(from).channels() != width) {
            residual = switch (shortcut) {
                case PARAMETER_FREE -> plan.shortcut(name + ".shortcut", from, width, stride);
                case PROJECTION ->
                    plan.normalise(
                            name + ".shortcut.norm",
                            plan.convolution(name + ".shortcut", LayerKind.DOWNSAMPLE, from, width, 1, stride),
                            Activation.IDENTITY);
            };
        }
        return plan.normaliseAdd(name + ".norm2", at, residual, Activation.RELU);
    }
}
