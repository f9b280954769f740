package org.bame.datasets.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.ImageFiles;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.LabelledImages;

/**
 * Batches of labelled images: shuffled, augmented and normalised as a {@link BatchPlan} says. Images in memory are
 * prepared by the calling thread, those in files by as many threads as {@link ImageFiles#decodingThreads} says, each with
 * decoder and buffers of its own; the batch is the same.
 */
final class EpochSource implements BatchSource {

    private final LabelledImages images;
    private final BatchPlan plan;
    private final int[] order;
    private final List<ImagePreparation> preparations = new ArrayList<>();

    EpochSource(LabelledImages images, ChannelStatistics statistics, BatchPlan plan) {
        if (statistics.channels() != images.shape().channels()) {
            throw new IllegalArgumentException("Statistics of " + statistics.channels()
                    + " channels do not fit images of " + images.shape() + ".");
        }
        plan.requireBatch(images.size());
        this.images = images;
        this.plan = plan;
        this.order = plan.order(images.size());
        int threads = switch (images) {
            case InMemoryImages _ -> 1;
            case ImageFiles files -> Math.min(files.decodingThreads(), plan.batchSize());
        };
        float[][] table = statistics.normalisationTable();
        for (int thread = 0; thread < threads; thread++) {
            preparations.add(new ImagePreparation(images, plan, table));
        }
    }

    @Override
    public int firstBatch() {
        return plan.firstBatch();
    }

    @Override
    public int endBatch() {
        return plan.batches(images.size());
    }

    @Override
    public void write(int batch, ImageBatch target) throws InterruptedException {
        int from = batch * plan.batchSize();
        int count = Math.min(plan.batchSize(), order.length - from);
        float[] features = target.features();
        int[] labels = target.labels();
        SharedWork.run(preparations.size(), count, (thread, position) -> {
            int image = order[from + position];
            preparations.get(thread).write(image, features, position * images.shape().size());
            labels[position] = images.label(image);
        });
        target.fill(batch, count);
    }

    @Override
    public void close() {
        preparations.forEach(ImagePreparation::close);
    }
}
