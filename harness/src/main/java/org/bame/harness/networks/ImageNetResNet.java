package org.bame.harness.networks;

import java.util.List;
import org.bame.kernel.Activation;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * The residual networks of He et al. 2016 for 224x224 images, with projection shortcuts; bottleneck blocks have their
 * stride on the 3x3 convolution (v1.5), as in methods.md 1.3.
 *
 * @param blocks blocks of the four stages
 * @param bottleneck whether blocks are 1x1-3x3-1x1 with four times the channels at their end, or two 3x3
 */
public record ImageNetResNet(List<Integer> blocks, boolean bottleneck) {

    private static final FeatureShape IMAGE = new FeatureShape(3, 224, 224);
    private static final int CLASSES = 1000;
    private static final int STEM_WIDTH = 64;
    private static final int EXPANSION = 4;

    /** The networks that users can name. */
    public static List<NetworkFactory> networks() {
        return List.of(
                named("resnet18", "ResNet-18 for 224x224 images, basic blocks", List.of(2, 2, 2, 2), false),
                named("resnet34", "ResNet-34 for 224x224 images, basic blocks", List.of(3, 4, 6, 3), false),
                named(
                        "resnet50",
                        "ResNet-50 (v1.5) for 224x224 images, bottleneck blocks",
                        List.of(3, 4, 6, 3),
                        true));
    }

    private static NetworkFactory named(String name, String describe, List<Integer> blocks, boolean bottleneck) {
        return new PlannedNetwork(name, describe, IMAGE, CLASSES, new ImageNetResNet(blocks, bottleneck)::plan);
    }

    /** The network for given images and classes. */
    public NetworkPlan plan(FeatureShape image, int classes) {
        PlanBuilder plan = new PlanBuilder(image);
        String at = plan.convolution("stem", LayerKind.STEM, NetworkPlan.INPUT, STEM_WIDTH, 7, 2);
        at = plan.normalise("stem.norm", at, Activation.RELU);
        at = plan.maxPool("stem.pool", at, 3, 2, 1);
        for (int stage = 0; stage < blocks.size(); stage++) {
            for (int block = 0; block < blocks.get(stage); block++) {
                String name = "stage" + (stage + 1) + ".block" + (block + 1);
                at = block(plan, name, at, STEM_WIDTH << stage, stage > 0 && block == 0 ? 2 : 1);
            }
        }
        at = plan.averagePool("pool", at);
        return plan.classifier("classifier", at, classes);
    }

    private String block(PlanBuilder plan, String name, String from, int width, int stride) {
        int outputs = bottleneck ? width * EXPANSION : width;
        String at;
        if (bottleneck) {
            at = plan.convolution(name + ".conv1", LayerKind.CONV1X1, from, width, 1, 1);
            at = plan.normalise(name + ".norm1", at, Activation.RELU);
            at = plan.convolution(name + ".conv2", LayerKind.CONV3X3, at, width, 3, stride);
            at = plan.normalise(name + ".norm2", at, Activation.RELU);
            at = plan.convolution(name + ".conv3", LayerKind.CONV1X1, at, outputs, 1, 1);
        } else {
            at = plan.convolution(name + ".conv1", LayerKind.CONV3X3, from, width, 3, stride);
            at = plan.normalise(name + ".norm1", at, Activation.RELU);
            at = plan.convolution(name + ".conv2", LayerKind.CONV3X3, at, width, 3, 1);
        }
        String residual = from;
        if (stride != 1 || plan.shape(from).channels() != outputs) {
            String projected =
                    plan.convolution(name + ".shortcut", LayerKind.DOWNSAMPLE, from, outputs, 1, stride);
            residual = plan.normalise(name + ".shortcut.norm", projected, Activation.IDENTITY);
        }
        return plan.normaliseAdd(name + ".normOut", at, residual, Activation.RELU);
    }
}
