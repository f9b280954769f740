package org.bame.harness.run;

import org.bame.datasets.TextDataSet;
import org.bame.datasets.TextWindows;
import org.bame.datasets.pipeline.BatchPlan;
import org.bame.datasets.pipeline.TextBatches;
import org.bame.harness.recipes.Recipe;
import org.bame.harness.sweep.RunSpec;
import org.bame.kernel.FeatureShape;

/** Windows of a text. */
final class TextSamples extends RunSamples {

    private final TextWindows train;
    private final TextWindows test;
    private final Recipe recipe;
    private final long seed;
    private final int evaluationBatch;
    private final float[] read;
    private final int[] predicted;

    TextSamples(TextDataSet data, RunSpec spec) {
        super(new FeatureShape(1, data.length(), 1), data.classes(), data.length());
        this.recipe = spec.workload().recipe();
        this.seed = spec.seed();
        this.train = limited(data.train(), spec.workload().trainImages());
        this.test = limited(data.test(), spec.workload().testImages());
        this.evaluationBatch = Math.min(recipe.evaluationBatch(), test.size());
        int characters = Math.multiplyExact(Math.max(recipe.batch(), evaluationBatch), data.length());
        this.read = new float[characters];
        this.predicted = new int[characters];
    }

    @Override
    int trainSize() {
        return train.size();
    }

    @Override
    Pass training(int epoch, int firstBatch) {
        BatchPlan plan = BatchPlan.training(recipe.batch(), recipe.augmentationPolicy(), seed, epoch);
        return new Windows(new TextBatches(train, plan.startingAt(firstBatch)));
    }

    @Override
    Pass evaluation() {
        return new Windows(new TextBatches(test, BatchPlan.evaluation(evaluationBatch)));
    }

    private static TextWindows limited(TextWindows windows, int limit) {
        return limit == 0 ? windows : windows.first(limited(windows.size(), limit));
    }

    private final class Windows implements Pass {
        private final TextBatches batches;

        Windows(TextBatches batches) {
            this.batches = batches;
        }

        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public BatchArrays next() {
            BatchArrays arrays = arrays(batches.next(read, predicted));
            arrays.fill(read, predicted);
            return arrays;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
