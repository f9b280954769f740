package org.bame.harness.networks;

import java.util.List;
import org.bame.kernel.Activation;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;

/**
 * The networks of Simonyan and Zisserman 2015 for small images, as the pruning papers train them since Network Slimming (Liu et al.
 * 2017): 3x3 convolutions without bias, each normalised, a 2x2 max pooling between stages, the mean over what is left, and one
 * classifier in place of the original's three.
 *
 * @param convolutions in each stage
 */
public record Vgg(List<Integer> convolutions) {

    private static final FeatureShape IMAGE = new FeatureShape(3, 32, 32);
    private static final int CLASSES = 10;
    private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512, 512);

    /** Takes an unmodifiable copy. */
    public Vgg {
        convolutions = List.copyOf(convolutions);
        if (convolutions.size() != WIDTHS.size()) {
            throw new IllegalArgumentException(
                    "VGG with stages of " + convolutions + " convolutions, expected " + WIDTHS.size() + " stages");
        }
    }

    /** The networks that users can name. */
    public static List<NetworkFactory> networks() {
        return List.of(new PlannedNetwork(
                "vgg19",
                "VGG-19 for 32x32 images, normalised, one classifier",
                IMAGE,
                CLASSES,
                new Vgg(List.of(2, 2, 4, 4, 4))::plan));
    }

    /** The network for given images and classes. */
    public NetworkPlan plan(FeatureShape image, int classes) {
        PlanBuilder plan = new PlanBuilder(image);
        String at = NetworkPlan.INPUT;
        for (int stage = 0; stage < WIDTHS.size(); stage++) {
            String stageName = "stage" + (stage + 1);
            if (stage > 0) {
                at = plan.maxPool(stageName + ".pool", at, 2, 2, 0);
            }
            for (int i = 0; i < convolutions.get(stage); i++) {
                boolean stem = stage == 0 && i == 0;
                String name = stem ? "stem" : stageName + ".conv" + (i + 1);
                LayerKind kind = stem ? LayerKind.STEM : LayerKind.CONV3X3;
                at = plan.convolution(name, kind, at, WIDTHS.get(stage), 3, 1);
                at = plan.normalise(name + ".norm", at, Activation.RELU);
            }
        }
        at = plan.averagePool("pool", at);
        return plan.classifier("classifier", at, classes);
    }
}
