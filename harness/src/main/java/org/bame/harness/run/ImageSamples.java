package org.bame.harness.run;

import org.bame.datasets.ImageDataSet;
import org.bame.datasets.ImageShape;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.pipeline.BatchBuffers;
import org.bame.datasets.pipeline.BatchPlan;
import org.bame.datasets.pipeline.BatchStream;
import org.bame.datasets.pipeline.ImageBatch;
import org.bame.harness.sweep.RunSpec;
import org.bame.kernel.FeatureShape;

/** Images, made ready ahead of time by another thread. */
final class ImageSamples extends RunSamples {

    private final ImageDataSet data;
    private final LabelledImages train;
    private final LabelledImages test;
    private final BatchBuffers buffers;

    ImageSamples(ImageDataSet data, RunSpec spec) {
        super(spec, shape(data.shape()), data.classes(), 1);
        this.data = data;
        this.train = limited(data.train(), spec.workload().trainImages());
        this.test = limited(data.test(), spec.workload().testImages());
        this.buffers = new BatchBuffers(data.shape(), largestBatch());
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
        return new Stream(BatchStream.open(train, data.statistics(), plan, buffers));
    }

    @Override
    Pass test(BatchPlan plan) {
        return new Stream(BatchStream.open(test, data.statistics(), plan, buffers));
    }

    private static FeatureShape shape(ImageShape shape) {
        return new FeatureShape(shape.channels(), shape.height(), shape.width());
    }

    private static LabelledImages limited(LabelledImages images, int limit) {
        return images.first(limited(images.size(), limit));
    }

    private final class Stream implements Pass {
        private final BatchStream batches;

        Stream(BatchStream batches) {
            this.batches = batches;
        }

        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public BatchArrays next() {
            try (ImageBatch batch = batches.next()) {
                BatchArrays arrays = arrays(batch.size());
                arrays.fill(batch.features(), batch.labels());
                if (batch.labelShare() < 1) {
                    arrays.mixLabels(batch.mixedLabels(), batch.labelShare());
                }
                return arrays;
            }
        }

        @Override
        public void close() {
            batches.close();
        }
    }
}
