package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.List;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.ImageFiles;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.pipeline.AugmentationPolicy;
import org.bame.datasets.pipeline.BatchBuffers;
import org.bame.datasets.pipeline.BatchPlan;
import org.bame.datasets.pipeline.BatchStream;

/**
 * Measures how fast batches are made when nobody trains on them: decoding, augmenting and normalising, by each number of
 * threads in turn, round by round.
 */
public final class DataBenchmark {

    private final LabelledImages images;
    private final ChannelStatistics statistics;
    private final int batch;
    private final int rounds;
    private final long roundNanos;

    /**
     * @param images what batches are made of
     * @param statistics normalises them
     * @param batch images of a batch, at most as many as there are
     * @param rounds measurements of each case, behind one that does not count
     * @param roundNanos least time of a measurement
     */
    public DataBenchmark(
            LabelledImages images, ChannelStatistics statistics, int batch, int rounds, long roundNanos) {
        this.images = images;
        this.statistics = statistics;
        this.batch = Math.min(batch, images.size());
        this.rounds = rounds;
        this.roundNanos = roundNanos;
    }

    /** Measures each augmentation by each number of threads, in this order; images in memory by the one thread that they need. */
    public List<DataMeasurement> run(List<AugmentationPolicy> augmentations, List<Integer> askedThreads,
            MeasureObserver observer) {
        List<Integer> threads = images instanceof ImageFiles ? askedThreads : List.of(1);
        int cases = augmentations.size() * threads.size();
        long[][] nanos = new long[cases][rounds];
        BatchBuffers buffers = new BatchBuffers(images.shape(), batch);
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < cases; i++) {
                observer.progress("making batches", (round + 1L) * cases + i, (rounds + 1L) * cases);
                AugmentationPolicy augmentation = augmentations.get(i / threads.size());
                long perImage = nanosPerImage(augmentation, decodedBy(threads.get(i % threads.size())), buffers);
                if (round >= 0) {
                    nanos[i][round] = perImage;
                }
            }
        }
        List<DataMeasurement> measured = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            measured.add(new DataMeasurement(
                    augmentations.get(i / threads.size()), threads.get(i % threads.size()), Spread.of(nanos[i])));
        }
        return measured;
    }

    private LabelledImages decodedBy(int threads) {
        return images instanceof ImageFiles files ? files.decodedBy(threads) : images;
    }

    /** As many epochs as it takes, their beginnings included. */
    private long nanosPerImage(AugmentationPolicy augmentation, LabelledImages source, BatchBuffers buffers) {
        long made = 0;
        long nanos = 0;
        for (int epoch = 0; nanos < roundNanos; epoch++) {
            BatchPlan plan = BatchPlan.training(batch, augmentation, 1, epoch);
            long start = System.nanoTime();
            long end = start;
            try (BatchStream batches = BatchStream.open(source, statistics, plan, buffers)) {
                while (batches.hasNext() && nanos + end - start < roundNanos) {
                    batches.next().close();
                    made += batch;
                    end = System.nanoTime();
                }
            }
            nanos += end - start;
        }
        return nanos / made;
    }
}
