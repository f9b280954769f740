package org.bame.harness.networks;

import java.util.List;
import org.bame.kernel.Activation;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * MobileNetV2 at width 1 (Sandler et al. 2018, table 2): inverted residuals that expand by 1x1, filter by 3x3 and project by
 * 1x1 without an activation.
 *
 * @param images what it was made for
 * @param filter the middle convolution of a block
 */
public record MobileNetV2(Images images, Filter filter) {

    private static final int STEM_WIDTH = 32;
    private static final int HEAD_WIDTH = 1280;
    private static final List<Stage> STAGES = List.of(
            new Stage(1, 16, 1, 1),
            new Stage(6, 24, 2, 2),
            new Stage(6, 32, 3, 2),
            new Stage(6, 64, 4, 2),
            new Stage(6, 96, 3, 1),
            new Stage(6, 160, 3, 2),
            new Stage(6, 320, 1, 1));

    /** What it was made for. */
    public enum Images {
        /** 224x224: ReLU6, dropout 0.2 before the classifier, no expansion in the first block, as in torchvision. */
        IMAGENET,
        /**
         * 32x32, as the sparse-training papers train it (Bi-Mask's code, after kuangliu's pytorch-cifar): stride 1 in the
         * stem and the second stage, ReLU, an expansion in every block, and a projection around each block of stride 1 that
         * changes the width.
         */
        CIFAR
    }

    /** The middle convolution of a block. */
    public enum Filter {
        /** A filter a channel. */
        DEPTHWISE,
        /** All channels: what Bi-Mask's code trains, and calls MobileNetV2 (methods.md 1.3). */
        FULL
    }

    /** A row of table 2. */
    private record Stage(int expansion, int width, int blocks, int stride) {}

    /** The networks that users can name. */
    public static List<NetworkFactory> networks() {
        return List.of(
                new PlannedNetwork(
                        "mobilenetv2",
                        "MobileNetV2 for 224x224 images",
                        new FeatureShape(3, 224, 224),
                        1000,
                        new MobileNetV2(Images.IMAGENET, Filter.DEPTHWISE)::plan),
                new PlannedNetwork(
                        "mobilenetv2-cifar",
                        "MobileNetV2 for 32x32 images, stride 1 in stem and second stage",
                        new FeatureShape(3, 32, 32),
                        10,
                        new MobileNetV2(Images.CIFAR, Filter.DEPTHWISE)::plan),
                new PlannedNetwork(
                        "mobilenetv2-bimask",
                        "the same with full 3x3 convolutions, as in Bi-Mask's code",
                        new FeatureShape(3, 32, 32),
                        10,
                        new MobileNetV2(Images.CIFAR, Filter.FULL)::plan));
    }

    /** The network for given images and classes. */
    public NetworkPlan plan(FeatureShape image, int classes) {
        PlanBuilder plan = new PlanBuilder(image);
        String at = plan.convolution("stem", LayerKind.STEM, NetworkPlan.INPUT, STEM_WIDTH, 3, cifar() ? 1 : 2);
        at = plan.normalise("stem.norm", at, activation());
        for (int stage = 0; stage < STAGES.size(); stage++) {
            for (int block = 0; block < STAGES.get(stage).blocks(); block++) {
                String name = "stage" + (stage + 1) + ".block" + (block + 1);
                at = block(plan, name, at, STAGES.get(stage), block == 0 ? stride(stage) : 1);
            }
        }
        at = plan.convolution("head", LayerKind.CONV1X1, at, HEAD_WIDTH, 1, 1);
        at = plan.normalise("head.norm", at, activation());
        at = plan.averagePool("pool", at);
        if (!cifar()) {
            at = plan.dropout("dropout", at, 0.2);
        }
        return plan.classifier("classifier", at, classes);
    }

    private String block(PlanBuilder plan, String name, String from, Stage stage, int stride) {
        int inputs = plan.shape(from).channels();
        String at = from;
        if (cifar() || stage.expansion() > 1) {
            at = plan.convolution(name + ".expand", LayerKind.CONV1X1, at, inputs * stage.expansion(), 1, 1);
            at = plan.normalise(name + ".expand.norm", at, activation());
        }
        at = switch (filter) {
            case DEPTHWISE -> plan.depthwise(name + ".filter", at, 3, stride);
            case FULL ->
                plan.convolution(name + ".filter", LayerKind.CONV3X3, at, plan.shape(at).channels(), 3, stride);
        };
        at = plan.normalise(name + ".filter.norm", at, activation());
        at = plan.convolution(name + ".project", LayerKind.CONV1X1, at, stage.width(), 1, 1);
        if (stride != 1 || inputs != stage.width() && !cifar()) {
            return plan.normalise(name + ".normOut", at, Activation.IDENTITY);
        }
        String residual = from;
        if (inputs != stage.width()) {
            residual = plan.convolution(name + ".shortcut", LayerKind.DOWNSAMPLE, from, stage.width(), 1, 1);
            residual = plan.normalise(name + ".shortcut.norm", residual, Activation.IDENTITY);
        }
        return plan.normaliseAdd(name + ".normOut", at, residual, Activation.IDENTITY);
    }

    private int stride(int stage) {
        return cifar() && stage == 1 ? 1 : STAGES.get(stage).stride();
    }

    private Activation activation() {
        return cifar() ? Activation.RELU : Activation.RELU6;
    }

    private boolean cifar() {
        return images == Images.CIFAR;
    }
}
