package org.bame.harness.run;

import org.bame.datasets.TextDataSet;
import org.bame.datasets.TextWindows;
import org.bame.datasets.pipeline.BatchPlan;
import org.bame.datasets.pipeline.TextBatches;
import org.bame.harness.sweep.RunSpec;
import org.bame.kernel.FeatureShape;

/** Windows of a text. */
final class TextSamples extends RunSamples {

    private final TextWindows train;
    private final TextWindows test;
    private final float[] read;
    private final int[] predicted;

    TextSamples(TextDataSet data, RunSpec spec) {
        super(spec, new FeatureShape(1, data.length(), 1), data.classes(), data.length());
        this.train = limited(data.train(), spec.workload().trainImages());
        this.test = limited(data.test(), spec.workload().testImages());
        int characters = Math.multiplyExact(largestBatch(), data.length());
        this.read = new float[characters];
        this.predicted = new int[characters];
    }

    @Override
    int trainSize() {
        return train.size();
    }

    @Override
    int testSize() {
        return test.size();
    }

    @Override
    Pass train(BatchPlan plan) {
        return new Windows(new TextBatches(train, plan));
    }

    @Override
    Pass test(BatchPlan plan) {
        return new Windows(new TextBatches(test, plan));
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
