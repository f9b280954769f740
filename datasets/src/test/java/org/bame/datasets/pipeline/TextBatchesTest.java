package org.bame.datasets.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.IntStream;
import org.bame.datasets.TextWindows;
import org.junit.jupiter.api.Test;

class TextBatchesTest {

    private static final int LENGTH = 5;
    private static final int CHARACTERS = 83;
    private static final int BATCH = 4;
    private static final TextWindows TRAIN = TextWindows.forTraining(positions(), 0, CHARACTERS, LENGTH);

    private static char[] positions() {
        char[] ids = new char[CHARACTERS];
        for (int at = 0; at < CHARACTERS; at++) {
            ids[at] = (char) at;
        }
        return ids;
    }

    /** What each batch of a pass reads. */
    private static List<List<Integer>> batches(TextWindows windows, BatchPlan plan) {
        TextBatches batches = new TextBatches(windows, plan);
        List<List<Integer>> all = new ArrayList<>();
        while (batches.hasNext()) {
            float[] read = new float[plan.batchSize() * LENGTH];
            int count = batches.next(read, new int[read.length]);
            all.add(IntStream.range(0, count * LENGTH).mapToObj(at -> (int) read[at]).toList());
        }
        return all;
    }

    private static BatchPlan training(long seed, int epoch) {
        return BatchPlan.training(BATCH, Augmentation.NONE, seed, epoch);
    }

    @Test
    void anEpochReadsCharactersOnceInWindowsSideBySide() {
        Set<Integer> shifts = new HashSet<>();
        for (int epoch = 0; epoch < 40; epoch++) {
            List<List<Integer>> batches = batches(TRAIN, training(1, epoch).keepingLast());
            List<Integer> read = batches.stream().flatMap(List::stream).sorted().toList();
            assertThat(read).hasSize(TRAIN.size() * LENGTH);
            int shift = read.getFirst();
            assertThat(read).containsExactlyElementsOf(
                    IntStream.range(shift, shift + TRAIN.size() * LENGTH).boxed().toList());
            shifts.add(shift);
        }
        assertThat(shifts).hasSize(TRAIN.slack() + 1);
    }

    @Test
    void epochsAndSeedsDifferAndRepeat() {
        assertThat(batches(TRAIN, training(1, 0))).isEqualTo(batches(TRAIN, training(1, 0)));
        assertThat(batches(TRAIN, training(1, 0))).isNotEqualTo(batches(TRAIN, training(1, 1)));
        assertThat(batches(TRAIN, training(1, 0))).isNotEqualTo(batches(TRAIN, training(2, 0)));
    }

    @Test
    void goesOnInTheMiddleOfAnEpoch() {
        List<List<Integer>> whole = batches(TRAIN, training(3, 2));
        assertThat(whole).hasSize(TRAIN.size() / BATCH);
        assertThat(batches(TRAIN, training(3, 2).startingAt(2))).isEqualTo(whole.subList(2, whole.size()));
    }

    @Test
    void evaluationIsInOrderAndKeepsTheLastBatch() {
        TextWindows test = TextWindows.forEvaluation(positions(), 0, 33, LENGTH);
        TextBatches batches = new TextBatches(test, BatchPlan.evaluation(BATCH));
        float[] read = new float[BATCH * LENGTH];
        int[] predicted = new int[read.length];

        assertThat(batches.next(read, predicted)).isEqualTo(BATCH);
        assertThat(Arrays.copyOf(predicted, 6)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(batches.next(read, predicted)).isEqualTo(3);
        // 32 predictions: the last window begins at 27 and counts from 30 on.
        assertThat(Arrays.copyOfRange(read, 2 * LENGTH, 3 * LENGTH)).containsExactly(27, 28, 29, 30, 31);
        assertThat(Arrays.copyOfRange(predicted, 2 * LENGTH, 3 * LENGTH)).containsExactly(-1, -1, -1, 31, 32);
        assertThat(batches.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> batches.next(read, predicted));
    }

    @Test
    void refusesPlansThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextBatches(TRAIN, BatchPlan.training(16, Augmentation.NONE, 1, 0)))
                .withMessageContaining("No batch of 16 can be made from 15");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextBatches(TRAIN, training(1, 0).startingAt(4)))
                .withMessageContaining("Cannot start at batch 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextBatches(
                        TRAIN, BatchPlan.training(BATCH, Augmentation.PAD_CROP_FLIP, 1, 0)))
                .withMessageContaining("not augmented");
    }
}
