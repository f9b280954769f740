package org.bame.harness.recipes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.augment.RandAugment;
import org.bame.datasets.pipeline.Augmentation;
import org.bame.datasets.pipeline.AugmentationPolicy;
import org.bame.harness.config.Problems;
import org.bame.harness.networks.NetworkFactory;
import org.bame.method.Optimizer;

/**
 * Everything about a training that is neither data, network nor method.
 *
 * @param epochs passes over the training images, or windows of a text
 * @param batch images (or windows) of a training step; the last, smaller batch of an epoch is dropped
 * @param learningRate highest rate of the schedule
 * @param schedule how the rate falls behind the warm-up
 * @param warmupEpochs epochs over which the rate rises linearly, step by step; none with {@code constant}
 * @param warmupLearningRate rate of the warm-up's first step
 * @param finalLearningRate rate at the end of the schedule
 * @param optimizer its keys stand beside this one: {@code momentum} and {@code nesterov}, or {@code beta1}, {@code beta2} and
 *     {@code epsilon}
 * @param weightDecay with {@code sgd} added to the gradient, times the weight; with {@code adamW} the weight loses this
 *     share of itself times the rate
 * @param decayOn which parameters decay
 * @param clipNorm longer gradients of all parameters together are scaled to this 2-norm; 0: they are not
 * @param emaDecay evaluations use a moving average of the weights, which keeps this share of itself at each step; 0: they
 *     use the weights
 * @param labelSmoothing share of the target spread evenly over all classes
 * @param dropPath stochastic depth: probability that an image skips the last residual branch, rising linearly from 0 at the
 *     first; networks that know it are transformers
 * @param augmentation what is cut out of training images, and whether they are mirrored; nothing is done to text, here and
 *     by the next six keys
 * @param repeatedAugmentation how often an image stands side by side in an epoch, augmented anew; an epoch has no more
 *     images for it, so only one in so many takes part; 1: once
 * @param randAugment magnitude of RandAugment, two of 15 operations an image; 0: none
 * @param lighting deviation of PCA lighting, a random colour added to an image; 0: none
 * @param randomErasing probability that a rectangle of an image becomes noise
 * @param mixup alpha of mixup, which blends two images of a batch and their labels; 0: none. With {@code cutmix}, too, a
 *     batch gets either by chance
 * @param cutmix alpha of cutmix, which exchanges a rectangle of two images of a batch, and shares labels by area; 0: none
 * @param imageSize rows and columns that image files are scaled to; 0: the data set's usual ones
 * @param evaluationBatch images of an evaluation batch; changes no result
 */
public record Recipe(
        int epochs,
        int batch,
        double learningRate,
        Schedule schedule,
        double warmupEpochs,
        double warmupLearningRate,
        double finalLearningRate,
        Optimizer optimizer,
        double weightDecay,
        DecayOn decayOn,
        double clipNorm,
        double emaDecay,
        double labelSmoothing,
        double dropPath,
        Augmentation augmentation,
        int repeatedAugmentation,
        double randAugment,
        double lighting,
        double randomErasing,
        double mixup,
        double cutmix,
        int imageSize,
        int evaluationBatch) {

    private static final double BELOW_ONE = 0.999_999;
    /** The optimizer computes in single precision. */
    private static final double SMALLEST_EPSILON = 1e-30;

    /** The keys that a recipe file may leave out, each with the value that changes nothing. */
    public static ObjectNode neutralKeys() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("optimizer", "sgd")
                .put("warmupLearningRate", 0.0)
                .put("clipNorm", 0.0)
                .put("emaDecay", 0.0)
                .put("dropPath", 0.0)
                .put("repeatedAugmentation", 1)
                .put("randAugment", 0.0)
                .put("lighting", 0.0)
                .put("randomErasing", 0.0)
                .put("mixup", 0.0)
                .put("cutmix", 0.0)
                .put("imageSize", 0);
    }

    /** How the learning rate falls behind the warm-up. */
    public enum Schedule {
        /** Half a cosine over all steps behind the warm-up, a new value each step. */
        COSINE,
        /** The same cosine, a new value each epoch. */
        COSINE_PER_EPOCH,
        /** The same rate to the end. */
        CONSTANT
    }

    /** Which parameters decay. */
    public enum DecayOn {
        /** Every one. */
        ALL,
        /** The weights of convolutions and linear layers; neither biases nor normalisations' scale and shift. */
        WEIGHTS
    }

    /** Steps of an epoch over so many training images. */
    public int stepsPerEpoch(int trainImages) {
        return trainImages / batch;
    }

    /** Steps of the whole training. */
    public long totalSteps(int trainImages) {
        return (long) epochs * stepsPerEpoch(trainImages);
    }

    /** All that is done to training images; to be called of a checked recipe. */
    public AugmentationPolicy augmentationPolicy() {
        return new AugmentationPolicy(
                augmentation, repeatedAugmentation, randAugment, lighting, randomErasing, mixup, cutmix);
    }

    /** Notes every value out of its range. */
    public void check(String where, Problems problems) {
        List<Range> ranges = new ArrayList<>(List.of(
                new Range("epochs", epochs, 1, 100_000),
                new Range("batch", batch, 1, 65_536),
                new Range("learningRate", learningRate, 0, 1_000),
                // No second mistake of epochs below 1.
                new Range("warmupEpochs", warmupEpochs, 0, Math.max(1, epochs)),
                new Range("warmupLearningRate", warmupLearningRate, 0, learningRate),
                new Range("finalLearningRate", finalLearningRate, 0, learningRate),
                new Range("weightDecay", weightDecay, 0, 1),
                new Range("clipNorm", clipNorm, 0, 1_000_000),
                new Range("emaDecay", emaDecay, 0, BELOW_ONE),
                new Range("labelSmoothing", labelSmoothing, 0, BELOW_ONE),
                new Range("dropPath", dropPath, 0, BELOW_ONE),
                // Repetitions stand in one batch.
                new Range("repeatedAugmentation", repeatedAugmentation, 1, Math.max(1, batch)),
                new Range("randAugment", randAugment, 0, RandAugment.STRONGEST),
                new Range("lighting", lighting, 0, 10),
                new Range("randomErasing", randomErasing, 0, 1),
                new Range("mixup", mixup, 0, AugmentationPolicy.GREATEST_ALPHA),
                new Range("cutmix", cutmix, 0, AugmentationPolicy.GREATEST_ALPHA),
                new Range("imageSize", imageSize, 0, 4_096),
                new Range("evaluationBatch", evaluationBatch, 1, 65_536)));
        ranges.addAll(switch (optimizer) {
            case Optimizer.Sgd sgd -> List.of(new Range("momentum", sgd.momentum(), 0, BELOW_ONE));
            case Optimizer.AdamW adam ->
                List.of(
                        new Range("beta1", adam.beta1(), 0, BELOW_ONE),
                        new Range("beta2", adam.beta2(), 0, BELOW_ONE),
                        new Range("epsilon", adam.epsilon(), SMALLEST_EPSILON, 1));
        });
        for (Range range : ranges) {
            // Written so that NaN is out of range.
            if (!(range.value >= range.least && range.value <= range.most)) {
                String expected = "a number from " + Range.text(range.least) + " to " + Range.text(range.most);
                addKey(where, range.key, Range.text(range.value), expected, problems);
            }
        }
        if (optimizer instanceof Optimizer.Sgd sgd && sgd.nesterov() && sgd.momentum() == 0) {
            addKey(where, "nesterov", "true with momentum 0", "a momentum above 0, or nesterov: false", problems);
        }
        checkAugmentation(where, problems);
        if (schedule == Schedule.CONSTANT && warmupEpochs > 0) {
            addKey(where, "warmupEpochs", Range.text(warmupEpochs), "0, since schedule is constant", problems);
        }
    }

    private void checkAugmentation(String where, Problems problems) {
        if (batch == 1 && (mixup > 0 || cutmix > 0)) {
            addKey(where, mixup > 0 ? "mixup" : "cutmix", "images mixed in a batch of 1", "a batch of 2 or more",
                    problems);
        }
        boolean isRandom = augmentation != Augmentation.NONE || randAugment > 0 || lighting > 0 || randomErasing > 0;
        if (repeatedAugmentation > 1 && !isRandom) {
            addKey(where, "repeatedAugmentation", repeatedAugmentation + " equal images",
                    "1, or something that makes them different: augmentation, randAugment, lighting or randomErasing",
                    problems);
        }
    }

    /** The network with this recipe's stochastic depth; a network that knows none is noted if the recipe has some. */
    public Optional<NetworkFactory> withDropPath(NetworkFactory network, String where, Problems problems) {
        Optional<NetworkFactory> dropping = network.withDropPath(dropPath);
        if (dropping.isEmpty()) {
            problems.add(
                    where,
                    "dropPath " + dropPath + " for " + network.name() + ", which has no stochastic depth",
                    "a transformer, or a recipe with dropPath 0");
        }
        return dropping;
    }

    private static void addKey(String where, String key, String got, String expected, Problems problems) {
        problems.add(where + (where.contains(": ") ? "." : ": ") + key, got, expected);
    }

    private record Range(String key, double value, double least, double most) {
        static String text(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? String.valueOf((long) value)
                    : String.valueOf(value);
        }
    }
}
