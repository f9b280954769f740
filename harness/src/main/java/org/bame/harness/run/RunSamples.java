package org.bame.harness.run;

import java.util.HashMap;
import java.util.Map;
import org.bame.datasets.DataSet;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.TextDataSet;
import org.bame.datasets.pipeline.BatchPlan;
import org.bame.harness.recipes.Recipe;
import org.bame.harness.sweep.RunSpec;
import org.bame.kernel.FeatureShape;

/** The samples of a run, as batches of arrays. One pass is open at a time. */
abstract sealed class RunSamples permits ImageSamples, TextSamples {

    private final Recipe recipe;
    private final long seed;
    private final FeatureShape input;
    private final int classes;
    private final int positions;
    /** By their number of samples: whole batches, and the last one of an evaluation. */
    private final Map<Integer, BatchArrays> arrays = new HashMap<>();

    /**
     * @param spec the run
     * @param input extents of one sample
     * @param classes that a prediction chooses from
     * @param positions predictions of one sample
     */
    RunSamples(RunSpec spec, FeatureShape input, int classes, int positions) {
        this.recipe = spec.workload().recipe();
        this.seed = spec.seed();
        this.input = input;
        this.classes = classes;
        this.positions = positions;
    }

    /** Those that a run's workload asks for. */
    static RunSamples of(DataSet data, RunSpec spec) {
        return switch (data) {
            case ImageDataSet images -> new ImageSamples(images, spec);
            case TextDataSet text -> new TextSamples(text, spec);
        };
    }

    /** Extents of one sample in the kernels' terms. */
    final FeatureShape input() {
        return input;
    }

    /** Classes that a prediction chooses from. */
    final int classes() {
        return classes;
    }

    /** Predictions of one sample: 1 of an image, one a character of a text. */
    final int positions() {
        return positions;
    }

    /** Samples to train on. */
    abstract int trainSize();

    /** Samples to measure on. */
    abstract int testSize();

    /** The batches of an epoch, those before {@code firstBatch} left out. */
    final Pass training(int epoch, int firstBatch) {
        return train(BatchPlan.training(recipe.batch(), recipe.augmentationPolicy(), seed, epoch).startingAt(
                firstBatch));
    }

    /** All that is measured on, the last, smaller batch too. */
    final Pass evaluation() {
        return test(BatchPlan.evaluation(evaluationBatch()));
    }

    /** The samples to train on by a plan. */
    abstract Pass train(BatchPlan plan);

    /** The samples to measure on by a plan. */
    abstract Pass test(BatchPlan plan);

    /** Most samples of any batch. */
    final int largestBatch() {
        return Math.max(recipe.batch(), evaluationBatch());
    }

    private int evaluationBatch() {
        return Math.min(recipe.evaluationBatch(), testSize());
    }

    /** Arrays for so many samples, the same ones each time. */
    final BatchArrays arrays(int samples) {
        return arrays.computeIfAbsent(samples, size -> new BatchArrays(size, input, classes, positions));
    }

    /** What a limit of the workload leaves; 0 is none. */
    static int limited(int size, int limit) {
        return limit == 0 ? size : Math.min(limit, size);
    }

    /** Batches in order. */
    interface Pass extends AutoCloseable {

        boolean hasNext();

        /** The next batch; valid until the one after it. */
        BatchArrays next();

        @Override
        void close();
    }
}
