package org.bame.datasets.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BatchPlanTest {

    private static final BatchPlan PLAN = BatchPlan.training(4, Augmentation.NONE, 1, 0);

    @Test
    void trainingDropsAndEvaluationKeepsTheLastPartialBatch() {
        assertThat(PLAN.batches(10)).isEqualTo(2);
        assertThat(PLAN.keepingLast().batches(10)).isEqualTo(3);
        assertThat(BatchPlan.evaluation(4).batches(10)).isEqualTo(3);
        assertThat(BatchPlan.evaluation(4).batches(8)).isEqualTo(2);
        assertThat(PLAN.limitedTo(5).batches(10)).isEqualTo(1);
        assertThat(PLAN.limitedTo(50).batches(10)).isEqualTo(2);
    }

    @Test
    void theOrderIsAPermutationThatSeedAndEpochDecide() {
        int[] order = PLAN.order(1000);

        assertThat(Arrays.stream(order).sorted().toArray()).isEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(PLAN.order(1000)).isEqualTo(order);
        assertThat(BatchPlan.training(4, Augmentation.NONE, 1, 1).order(1000)).isNotEqualTo(order);
        assertThat(BatchPlan.training(4, Augmentation.NONE, 2, 0).order(1000)).isNotEqualTo(order);
    }

    @Test
    void everyImageMayComeFirst() {
        long firsts = IntStream.range(0, 200)
                .map(epoch -> BatchPlan.training(4, Augmentation.NONE, 1, epoch).order(5)[0])
                .distinct().count();

        assertThat(firsts).isEqualTo(5);
    }

    @Test
    void evaluationKeepsTheOrder() {
        assertThat(BatchPlan.evaluation(4).order(6)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aLimitTakesTheFirstImages() {
        assertThat(PLAN.limitedTo(3).order(10)).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void repeatedImagesStandSideBySideAndOthersTakeNoPart() {
        int[] once = PLAN.order(11);
        AugmentationPolicy thrice = new AugmentationPolicy(Augmentation.PAD_CROP_FLIP, 3, 0, 0, 0, 0, 0);
        BatchPlan repeating = BatchPlan.training(4, thrice, 1, 0);

        assertThat(repeating.order(11)).containsExactly(once[0], once[0], once[0], once[1], once[1], once[1], once[2],
                once[2], once[2], once[3], once[3]);
        assertThat(repeating.batches(11)).isEqualTo(PLAN.batches(11));
        assertThat(repeating.limitedTo(2).order(11)).hasSize(2);
    }

    @Test
    void policiesOutOfRangeAreRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> policy(0, 0, 0, 0)).withMessageContaining("at least 1");
        assertThatIllegalArgumentException().isThrownBy(() -> policy(1, 10.5, 0, 0)).withMessageContaining(
                "RandAugment's magnitude lies in 0 to 10.0, got 10.5");
        assertThatIllegalArgumentException().isThrownBy(() -> policy(1, Double.NaN, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> policy(1, 0, 1.1, 0)).withMessageContaining("erasing");
        assertThatIllegalArgumentException().isThrownBy(() -> policy(1, 0, 0, -1)).withMessageContaining("Mixup");
    }

    @Test
    void policiesAreToldAsRecipesSayThem() {
        assertThat(AugmentationPolicy.NONE).hasToString("none");
        assertThat(new AugmentationPolicy(Augmentation.RANDOM_RESIZED_CROP_FLIP, 3, 9, 0.1, 0.25, 0.8, 1)).hasToString(
                "randomResizedCropFlip + repeatedAugmentation 3 + randAugment 9 + lighting 0.1 + randomErasing 0.25"
                        + " + mixup 0.8 + cutmix 1");
    }

    private static AugmentationPolicy policy(int repeats, double randAugment, double randomErasing, double mixup) {
        return new AugmentationPolicy(Augmentation.NONE, repeats, randAugment, 0, randomErasing, mixup, 0);
    }

    @Test
    void impossiblePlansAreRejectedByName() {
        assertThatIllegalArgumentException().isThrownBy(() -> BatchPlan.evaluation(0))
                .withMessageContaining("batch size").withMessageContaining("got 0");
        assertThatIllegalArgumentException().isThrownBy(() -> PLAN.startingAt(-1)).withMessageContaining("first batch");
        assertThatIllegalArgumentException().isThrownBy(() -> PLAN.limitedTo(0)).withMessageContaining("image limit");
    }
}
