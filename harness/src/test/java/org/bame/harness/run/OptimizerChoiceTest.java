package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.recipes.Recipe;
import org.bame.layer.KernelPolicy;
import org.bame.layer.LearningRateSchedule;
import org.bame.layer.OptimizerSettings;
import org.bame.layer.SparseTrainer;
import org.junit.jupiter.api.Test;

class OptimizerChoiceTest {

    private static final Suite SUITE = SuiteLoader.load();

    @Test
    void deitWarmsUpFromTheSmallestRateAndEndsAtItsOwn() {
        LearningRateSchedule schedule = settings("deit-imagenet").schedule();

        assertThat(schedule.rate(0)).isEqualTo(1e-6);
        assertThat(schedule.rate(25)).isCloseTo((1e-6 + 1e-3) / 2, within(1e-12));
        assertThat(schedule.rate(50)).isEqualTo(1e-3);
        assertThat(schedule.rate(50 + 2950 / 2)).isCloseTo((1e-3 + 1e-5) / 2, within(1e-12));
        assertThat(schedule.rate(3000)).isEqualTo(1e-5);
    }

    @Test
    void everyKeyOfTheOptimizerArrives() {
        assertThat(settings("deit-imagenet").optimizer())
                .isEqualTo(new OptimizerSettings.AdamW(0.9, 0.999, 1e-8, 0.05, false, 0));
        assertThat(settings("cifar10-short").optimizer())
                .isEqualTo(new OptimizerSettings.Sgd(0.9, true, 5e-4, false, 0));
        assertThat(settings("imagenet-sr-ste").optimizer())
                .isEqualTo(new OptimizerSettings.Sgd(0.9, false, 5e-5, true, 0));
    }

    private static SparseTrainer.Settings settings(String name) {
        Recipe recipe = SUITE.recipes().get(name, "test").recipe();
        return OptimizerChoice.settings(recipe, 1, recipe.epochs() * 10L, 10, KernelPolicy.SPARSE);
    }
}
