package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.peer.Peers;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import org.bame.method.MethodFactory;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.junit.jupiter.api.Test;

class StepBenchmarkTest {

    private static final Suite SUITE = SuiteLoader.load();
    private static final int STEPS = 200;

    private final List<String> notes = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private String stopAt = "never";

    /** Its masks are updated every 100 steps. */
    @Test
    void endedEarlyItCountsWholeIntervalsBetweenMaskUpdates() {
        stopAt = "bame 1:4 adapting, steps to 120/200";
        List<StepMeasurement> measured = run(method("dense"), method("bame"), method("static")).measured;

        assertThat(measured).extracting(one -> one.method() + " " + one.phase().name() + " " + one.steps())
                .containsExactly("dense steady 120", "bame initial 100", "bame adapting 100", "bame frozen 100",
                        "static steady 110");
        assertThat(measured).allSatisfy(one -> {
            assertThat(one.spread().p10Nanos()).isPositive();
            assertThat(one.clockMeanNanos().values().stream().mapToDouble(clock -> clock).sum())
                    .isCloseTo(one.meanNanos(), within(0.05 * one.meanNanos()));
            assertThat(one.speedupVsDense()).isEqualTo(measured.getFirst().meanNanos() / one.meanNanos());
        });
    }

    @Test
    void endedBeforeAnIntervalItLeavesOutWhatHasNone() {
        stopAt = "static 1:4 steady, steps to 30/200";

        assertThat(run(method("dense"), method("bame"), method("static")).measured)
                .extracting(one -> one.method() + " " + one.steps())
                .containsExactly("dense 30", "static 30");
        assertThat(notes).hasSize(3).allSatisfy(note -> assertThat(note).startsWith("bame 1:4").contains("left out"));
    }

    @Test
    void endedWhileItWarmsUpItMeasuresNothing() {
        stopAt = "first steps of static";

        assertThat(run(method("dense"), method("static")).measured).isEmpty();
        assertThat(progress).noneMatch(text -> text.contains("steps to"));
    }

    @Test
    void aVariantWithoutMemoryIsLeftOutAndTheOthersAreMeasured() {
        Result result = run(
                method("dense"), failing("sr-ste", 0, () -> new OutOfMemoryError("made up")), method("static"));

        assertThat(result.measured).extracting(one -> one.method() + " " + one.steps())
                .containsExactly("dense 200", "static 200");
        assertThat(result.failed).isEqualTo(1);
        assertThat(notes).singleElement().asString().contains("sr-ste 1:4 steady: out of memory (made up)", "left out");
    }

    @Test
    void aVariantThatFailsAmongItsTimedStepsIsLeftOut() {
        Result result = run(
                method("dense"), failing("static", 50, () -> new ArithmeticException("made up")), method("sr-ste"));

        assertThat(result.measured).extracting(one -> one.method() + " " + one.steps())
                .containsExactly("dense 200", "sr-ste 200");
        assertThat(result.failed).isEqualTo(1);
        assertThat(notes).singleElement().asString().contains("static 1:4 steady", "made up", "left out");
    }

    @Test
    void withoutTheDenseStepItEndsWithWhatItHas() {
        Result result = run(failing("dense", 50, () -> new OutOfMemoryError("made up")), method("static"));

        assertThat(result.failed).isEqualTo(1);
        assertThat(notes).hasSize(2).last().asString().contains("nothing to compare with");
        assertThat(result.measured).singleElement().satisfies(one -> {
            assertThat(one.method()).isEqualTo("static");
            assertThat(one.steps()).isBetween(10, 50);
            assertThat(one.speedupVsDense()).isNaN();
        });
    }

    private record Result(List<StepMeasurement> measured, int failed) {}

    private Result run(MethodFactory<?>... methods) {
        DataSetShape data = DataSetShape.find("cifar10").orElseThrow();
        StepBenchmarkPlan plan = new StepBenchmarkPlan(
                SUITE.networks().get("tiny-net", "test"),
                data,
                SUITE.recipes().get(data.recipe(), "test").recipe(),
                4,
                List.of(methods),
                List.of(new NmPattern(1, 4)),
                STEPS,
                3,
                KernelPolicy.SPARSE,
                1,
                1);
        try (Kernels kernels = KernelProviders.simd(1)) {
            StepBenchmark[] benchmark = new StepBenchmark[1];
            benchmark[0] = new StepBenchmark(plan, kernels, Peers.none(), new MeasureObserver() {
                @Override
                public void progress(String what, long done, long total) {
                    assertThat(done).isBetween(0L, total);
                    progress.add(what);
                    if (what.startsWith(stopAt)) {
                        benchmark[0].stop();
                    }
                }

                @Override
                public void note(String text) {
                    notes.add(text);
                }
            });
            return new Result(benchmark[0].run(), benchmark[0].failed());
        }
    }

    private static MethodFactory<?> method(String name) {
        return SUITE.methods().get(name, "test");
    }

    /** The same method until it has updated the weights so many times. */
    private static MethodFactory<?> failing(String name, int updates, Supplier<Throwable> failure) {
        AtomicInteger left = new AtomicInteger(updates);
        return proxy(MethodFactory.class, method(name), "create", made -> proxy(
                TrainingMethod.class, (TrainingMethod) made, "afterUpdate", nothing -> {
                    if (left.getAndDecrement() == 0) {
                        throw failure.get();
                    }
                    return nothing;
                }));
    }

    private interface Change {
        Object of(Object made) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T sound, String method, Change change) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (self, called,
                arguments) -> {
            try {
                Object made = called.invoke(sound, arguments);
                return called.getName().equals(method) ? change.of(made) : made;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
