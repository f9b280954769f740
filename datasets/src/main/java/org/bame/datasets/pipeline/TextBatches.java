package org.bame.datasets.pipeline;

import java.util.NoSuchElementException;
import org.bame.datasets.CounterRandom;
import org.bame.datasets.CounterRandom.Purpose;
import org.bame.datasets.TextWindows;

/**
 * The batches of one pass over the windows of a text. They are made when they are asked for, without a thread: copying ids
 * takes microseconds.
 *
 * <p>A training epoch reads each of its characters once, in windows side by side, in random order; where the first begins is
 * random, so that other epochs cut elsewhere. Windows drawn independently, as nanoGPT does, would see some characters
 * several times and miss more than a third in as many windows, and an epoch would mean less.
 */
public final class TextBatches {

    private final TextWindows windows;
    private final BatchPlan plan;
    private final int[] order;
    private final int shift;
    private final int endBatch;
    private int nextBatch;

    /**
     * @param windows of a text
     * @param plan which of them, in which order; its augmentation is {@link AugmentationPolicy#NONE}
     * @throws IllegalArgumentException if the plan has no batch, starts behind the last one, or augments
     */
    public TextBatches(TextWindows windows, BatchPlan plan) {
        plan.requireBatch(windows.size());
        if (!plan.augmentation().equals(AugmentationPolicy.NONE)) {
            throw new IllegalArgumentException("Text is not augmented, got " + plan.augmentation() + ".");
        }
        this.windows = windows;
        this.plan = plan;
        this.order = plan.order(windows.size());
        this.shift = plan.shuffle()
                ? CounterRandom.below(
                        CounterRandom.key(plan.seed(), Purpose.TEXT_SHIFT, plan.epoch()), 0, windows.slack() + 1)
                : 0;
        this.endBatch = plan.batches(windows.size());
        this.nextBatch = plan.firstBatch();
    }

    /** Whether a batch is left. */
    public boolean hasNext() {
        return nextBatch < endBatch;
    }

    /**
     * Writes the next batch.
     *
     * @param read receives the ids of the characters read, {@code [window][character]}
     * @param predicted receives the ids of the characters to be predicted, {@code [window][character]}; -1 for those that
     *        do not count
     * @return windows written, at most the plan's batch size
     * @throws NoSuchElementException at the end of the pass
     */
    public int next(float[] read, int[] predicted) {
        if (!hasNext()) {
            throw new NoSuchElementException("The epoch has no more batches.");
        }
        int from = nextBatch++ * plan.batchSize();
        int count = Math.min(plan.batchSize(), order.length - from);
        for (int position = 0; position < count; position++) {
            windows.copy(order[from + position], shift, read, predicted, position * windows.length());
        }
        return count;
    }
}
