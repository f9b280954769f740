package org.bame.harness.recipes;

import java.util.List;
import org.bame.datasets.pipeline.Augmentation;
import org.bame.harness.config.Problems;

/**
 * Everything about a training that is neither data, network nor method.
 *
 * @param epochs passes over the training images
 * @param batch images of a training step; the last, smaller batch of an epoch is dropped
 * @param learningRate highest rate of the schedule
 * @param schedule how the rate falls behind the warm-up
 * @param warmupEpochs epochs over which the rate rises linearly, step by step, from 0; none with {@code constant}
 * @param finalLearningRate rate at the end of the schedule
 * @param momentum of stochastic gradient descent
 * @param nesterov whether the momentum looks ahead
 * @param weightDecay added to the gradient, times the weight
 * @param decayOn which parameters decay
 * @param labelSmoothing share of the target spread evenly over all classes
 * @param augmentation what is done to training images
 * @param evaluationBatch images of an evaluation batch; changes no result
 */
public record Recipe(
        int epochs,
        int batch,
        double learningRate,
        Schedule schedule,
        double warmupEpochs,
        double finalLearningRate,
        double momentum,
        boolean nesterov,
        double weightDecay,
        DecayOn decayOn,
        double labelSmoothing,
        Augmentation augmentation,
        int evaluationBatch) {

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

    /** Notes every value out of its range. */
    public void check(String where, Problems problems) {
        List<Range> ranges = List.of(
                new Range("epochs", epochs, 1, 100_000),
                new Range("batch", batch, 1, 65_536),
                new Range("learningRate", learningRate, 0, 1_000),
                new Range("warmupEpochs", warmupEpochs, 0, epochs),
                new Range("finalLearningRate", finalLearningRate, 0, learningRate),
                new Range("momentum", momentum, 0, 0.999_999),
                new Range("weightDecay", weightDecay, 0, 1),
                new Range("labelSmoothing", labelSmoothing, 0, 0.999_999),
                new Range("evaluationBatch", evaluationBatch, 1, 65_536));
        for (Range range : ranges) {
            // Written so that NaN is out of range.
            if (!(range.value >= range.least && range.value <= range.most)) {
                String expected = "a number from " + Range.text(range.least) + " to " + Range.text(range.most);
                addKey(where, range.key, Range.text(range.value), expected, problems);
            }
        }
        if (nesterov && momentum == 0) {
            addKey(where, "nesterov", "true with momentum 0", "a momentum above 0, or nesterov: false", problems);
        }
        if (schedule == Schedule.CONSTANT && warmupEpochs > 0) {
            addKey(where, "warmupEpochs", Range.text(warmupEpochs), "0, since schedule is constant", problems);
        }
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
