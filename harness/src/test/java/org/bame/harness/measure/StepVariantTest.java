package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.config.PatternSupport;
import org.bame.harness.config.Problems;
import org.bame.harness.flops.DataSetShape;
import org.bame.layer.KernelPolicy;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepVariantTest {

    private static final Suite SUITE = SuiteLoader.load();

    /** Whatever the lengths, a phase's own options fit its method, and the run is long enough for its timed steps. */
    @ParameterizedTest
    @CsvSource({"2, 1", "7, 3", "20, 1", "33, 2"})
    void everyPhaseOfEveryMethodIsASoundRun(int warmUpSteps, int intervals) {
        for (MethodFactory<?> method : SUITE.methods().values()) {
            int steps = intervals * method.updateInterval();
            List<MethodPhase> phases = method.phases(warmUpSteps, steps);
            assertThat(phases).extracting(MethodPhase::name).isNotEmpty().doesNotHaveDuplicates();
            assertThat(phases).allSatisfy(
                    phase -> assertThat(phase.totalSteps()).isGreaterThanOrEqualTo(warmUpSteps + steps));
            Problems problems = new Problems();
            assertThat(StepVariant.all(plan(method, warmUpSteps, steps), problems)).hasSameSizeAs(phases);
            problems.throwIfAny();
        }
    }

    private static StepBenchmarkPlan plan(MethodFactory<?> method, int warmUpSteps, int steps) {
        return new StepBenchmarkPlan(
                SUITE.networks().get("resnet8", "test"),
                DataSetShape.find("cifar10").orElseThrow(),
                // With AdamW, since some method wants no other optimizer, and none refuses it.
                SUITE.recipes().get("cifar10-deit-short", "test").recipe(),
                4,
                List.of(method),
                List.of(PatternSupport.examples(method).getFirst()),
                steps,
                warmUpSteps,
                KernelPolicy.SPARSE,
                1,
                1);
    }
}
