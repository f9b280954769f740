package org.bame.harness.run;

import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.pipeline.BatchBuffers;
import org.bame.datasets.pipeline.BatchPlan;
import org.bame.datasets.pipeline.BatchStream;
import org.bame.datasets.pipeline.ImageBatch;
import org.bame.layer.SparseTrainer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures top-1 accuracy on a set of images; the last, smaller batch counts too. */
final class Evaluation {

    private final LabelledImages images;
    private final ChannelStatistics statistics;
    private final BatchPlan plan;
    private final BatchBuffers buffers;
    private final BatchArrays full;
    private final BatchArrays rest;

    Evaluation(LabelledImages images, ChannelStatistics statistics, int batchSize) {
        int batch = Math.min(batchSize, images.size());
        this.images = images;
        this.statistics = statistics;
        this.plan = BatchPlan.evaluation(batch);
        this.buffers = new BatchBuffers(images.shape(), batch);
        this.full = new BatchArrays(batch, images.shape(), images.classes());
        int left = images.size() % batch;
        this.rest = left == 0 ? full : new BatchArrays(left, images.shape(), images.classes());
    }

    /** Share of the images classified correctly. */
    double top1(SparseTrainer trainer) {
        int correct = 0;
        try (BatchStream batches = BatchStream.open(images, statistics, plan, buffers)) {
            while (batches.hasNext()) {
                try (ImageBatch batch = batches.next()) {
                    BatchArrays arrays = batch.size() == full.images() ? full : rest;
                    arrays.fill(batch);
                    correct += correct(trainer.logits(arrays.features()), batch);
                }
            }
        }
        return (double) correct / images.size();
    }

    private int correct(INDArray logits, ImageBatch batch) {
        float[] values = logits.dup('c').data().asFloat();
        int classes = images.classes();
        int correct = 0;
        for (int image = 0; image < batch.size(); image++) {
            correct += largest(values, image * classes, classes) == batch.labels()[image] ? 1 : 0;
        }
        return correct;
    }

    private static int largest(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
