package org.bame.datasets.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.ImageFiles;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.LabelledImages;

/**
 * Batches of labelled images: shuffled, augmented, normalised and mixed as a {@link BatchPlan} says. Images in memory are
 * prepared by the calling thread, those in files by as many threads as {@link ImageFiles#decodingThreads} says, each with
 * decoder and buffers of its own; the batch is the same.
 */
final class EpochSource implements BatchSource {

    private final LabelledImages images;
    private final BatchPlan plan;
    private final int[] order;
    private final Optional<Mixing> mixing;
    private final List<ImagePreparation> preparations = new ArrayList<>();

    EpochSource(LabelledImages images, ChannelStatistics statistics, BatchPlan plan) {
        if (statistics.channels() != images.shape().channels()) {
            throw new IllegalArgumentException("Statistics of " + statistics.channels()
                    + " channels do not fit images of " + images.shape() + ".");
        }
        requireColours(plan.augmentation(), images);
        plan.requireBatch(images.size());
        this.images = images;
        this.plan = plan;
        this.order = plan.order(images.size());
        this.mixing = plan.augmentation().isMixing()
                ? Optional.of(new Mixing(images.shape(), plan.augmentation(), plan.seed(), plan.epoch()))
                : Optional.empty();
        int threads = switch (images) {
            case InMemoryImages _ -> 1;
            case ImageFiles files -> Math.min(files.decodingThreads(), plan.batchSize());
        };
        float[][] table = statistics.normalisationTable();
        for (int thread = 0; thread < threads; thread++) {
            preparations.add(new ImagePreparation(images, statistics, plan, table));
        }
    }

    private static void requireColours(AugmentationPolicy policy, LabelledImages images) {
        if ((policy.randAugment() > 0 || policy.lighting() > 0) && images.shape().channels() != ImageFiles.CHANNELS) {
            throw new IllegalArgumentException("RandAugment and PCA lighting need red, green and blue, got images of "
                    + images.shape() + ". Leave them out.");
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
        int size = images.shape().size();
        SharedWork.run(preparations.size(), count, (thread, position) -> {
            int image = order[from + position];
            int repetition = (from + position) % plan.augmentation().repeats();
            preparations.get(thread).write(image, repetition, features, position * size);
            labels[position] = images.label(image);
        });
        target.fill(batch, count);
        if (mixing.isPresent()) {
            Mix mix = mixing.get().of(batch);
            int last = (count - 1) * size;
            SharedWork.run(
                    preparations.size(), count / 2, (_, pair) -> mix.apply(features, pair * size, last - pair * size));
            target.mixLabels(mix.share());
        }
    }

    @Override
    public void close() {
        preparations.forEach(ImagePreparation::close);
    }
}
