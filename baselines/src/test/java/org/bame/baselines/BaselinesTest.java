package org.bame.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.method.Key;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.Optimizer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method of this module promises. */
class BaselinesTest {
    private static final int STEPS = 60;
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 16);
    /** Two groups of 6 outputs, which no M divides. */
    private static final WeightShape GROUPED = new WeightShape(12, 3, 3, 16, 2);

    /** Methods that leave the pattern at the end: for dense fine-tuning, or with adapters multiplied in. */
    private static final Set<String> END_DENSE = Set.of("dense", "fst", "slope");
    /** Methods that promise an input gradient by a W^T that is N:M too. */
    private static final Set<String> NM_BOTH_WAYS = Set.of("transposable", "bi-mask", "fst", "slope");
    /** Methods whose papers skip more, all in all, than our kernels: zeros in lanes of a sampled dY, low-rank factors. */
    private static final Set<String> PAPER_SKIPS_MORE = Set.of("fst", "slope");

    static Stream<MethodFactory<?>> factories() {
        return Baselines.all().stream();
    }

    /**
     * Every method by each kind of pattern that it accepts; row groups are one of 4 outputs and one of 2.
     */
    static Stream<Arguments> factoriesAndPatterns() {
        return factories().flatMap(factory -> Stream.of("2:4", "2:8", "2:8/g4", "unstructured@0.75", "fan_in@0.9")
                .map(text -> SparsityPattern.parse(text).perLayer(List.of(SHAPE)).getFirst())
                .filter(factory::supports)
                .filter(pattern -> accepts(factory, pattern))
                .map(pattern -> Arguments.of(factory, pattern)));
    }

    private static <C extends Record> boolean accepts(MethodFactory<C> factory, SparsityPattern pattern) {
        return factory.problems(ShortRun.of(factory.defaults()), context(pattern)).isEmpty();
    }

    /** The module's README has a row for each: surefire runs in the module's folder. */
    @Test
    void everyMethodIsDocumented() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(factories().map(MethodFactory::name)).doesNotHaveDuplicates();
        assertThat(factories()).allSatisfy(factory -> {
            assertThat(readme).contains("| `" + factory.name() + "` |");
            assertThat(factory.summary()).isNotBlank();
            assertThat(factory.reference()).isNotBlank();
        });
    }

    /** What it means, and what its default rests on; the record's Javadoc does not say it a second time. */
    @ParameterizedTest
    @MethodSource("factories")
    void everyKeyIsDocumented(MethodFactory<?> factory) {
        assertThat(factory.defaults().getClass().getRecordComponents()).allSatisfy(component -> {
            Key key = component.getAnnotation(Key.class);
            assertThat(key).as(component.getName()).isNotNull();
            assertThat(key.value()).isNotBlank().doesNotEndWith(".");
            assertThat(key.status()).as(component.getName()).isNotEqualTo(Key.Status.SUITE);
        });
    }

    @ParameterizedTest
    @MethodSource("factoriesAndPatterns")
    void defaultsAreSoundAndEndOnThePattern(MethodFactory<?> factory, SparsityPattern pattern) {
        TrainingMethod method = create(factory, pattern);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        Mask mask = network.mask(method);
        if (END_DENSE.contains(factory.name())) {
            assertThat(mask.count()).isEqualTo(SHAPE.size());
        } else {
            MaskPromise.EXACT.require(mask, pattern);
            assertThat(mask.rowGroup()).isEqualTo(pattern.rowGroup());
            assertThat(mask.density()).isEqualTo(costs(factory, pattern).deployedDensity());
        }
    }

    /** Real runs are held to it at the end of every epoch. */
    @ParameterizedTest
    @MethodSource("factoriesAndPatterns")
    void masksKeepWhatTheMethodPromises(MethodFactory<?> factory, SparsityPattern pattern) {
        for (WeightShape shape : List.of(SHAPE, GROUPED)) {
            TrainingMethod method = create(factory, pattern);
            FakeNetwork network = new FakeNetwork(STEPS, shape, pattern);
            method.attach(List.of(network));
            for (int step = 0; step < STEPS; step++) {
                ProductPlan plan = method.plan(0, network.now());
                PlanPromise promise = method.promise(0, network.now());
                promise.require(plan, pattern);
                assertThat(promise.inputGradient().isPresent()).isEqualTo(NM_BOTH_WAYS.contains(factory.name()));
                network.train(method);
            }
        }
    }

    /**
     * No promise is empty: one of no weight and every weight breaks each, and an input gradient of a weight fewer or of every
     * weight breaks one of W^T.
     */
    @ParameterizedTest
    @MethodSource("factoriesAndPatterns")
    void brokenPromisesAreFoundOut(MethodFactory<?> factory, SparsityPattern pattern) {
        TrainingMethod method = create(factory, pattern);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            ProductPlan plan = method.plan(0, network.now());
            if (plan.forward() instanceof Support.Masked forward) {
                PlanPromise promise = method.promise(0, network.now());
                boolean none = keeps(promise, Support.of(Mask.empty(SHAPE)), plan.inputGradient(), pattern);
                boolean all = keeps(promise, Support.of(Mask.full(SHAPE)), plan.inputGradient(), pattern);
                assertThat(none && all).isFalse();
                if (promise.inputGradient().isPresent()) {
                    Mask fewer = ((Support.Masked) plan.inputGradient()).mask().copy();
                    fewer.set(fewer.nextKept(0, SHAPE.size()), false);
                    assertThat(keeps(promise, forward, Support.of(fewer), pattern)).isFalse();
                    assertThat(keeps(promise, forward, Support.DENSE, pattern)).isFalse();
                }
            }
            network.train(method);
        }
    }

    private static boolean keeps(
            PlanPromise promise, Support forward, Support inputGradient, SparsityPattern pattern) {
        try {
            promise.require(ProductPlan.of(forward, inputGradient, Support.DENSE), pattern);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("factoriesAndPatterns")
    void planningTwiceChangesNothing(MethodFactory<?> factory, SparsityPattern pattern) {
        TrainingMethod method = create(factory, pattern);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            Mask mask = network.mask(method);
            long version = mask.version();
            float[] weights = network.weightValues();
            assertThat(method.plan(0, network.now())).isEqualTo(method.plan(0, network.now()));
            assertThat(network.mask(method).version()).isEqualTo(version);
            assertThat(network.weightValues()).isEqualTo(weights);
            network.train(method);
        }
    }

    @ParameterizedTest
    @MethodSource("factoriesAndPatterns")
    void restoredRunsContinueBitByBit(MethodFactory<?> factory, SparsityPattern pattern) throws IOException {
        for (int steps : new int[]{0, 1, 7, 20, 33}) {
            for (boolean evaluated : new boolean[]{false, true}) {
                TrainingMethod method = create(factory, pattern);
                FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
                method.attach(List.of(network));
                for (int step = 0; step < steps; step++) {
                    network.train(method);
                }
                if (evaluated) {
                    method.plan(0, network.now());
                }
                TrainingMethod restored = create(factory, pattern);
                FakeNetwork copy = network.moveTo(method, restored);
                for (int step = steps; step < STEPS; step++) {
                    network.train(method);
                    copy.train(restored);
                }
                assertThat(copy.weightValues()).isEqualTo(network.weightValues());
                assertThat(restored.statistics()).isEqualTo(method.statistics());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("factoriesAndPatterns")
    void noAccountChargesLessThanWhatKernelsSkip(MethodFactory<?> factory, SparsityPattern pattern) {
        CostModel costs = costs(factory, pattern);
        for (int step = 0; step < STEPS && !PAPER_SKIPS_MORE.contains(factory.name()); step++) {
            double executed = costs.at(Account.CPU_EXECUTED, step).sum();
            assertThat(costs.at(Account.PAPER, step).sum()).isBetween(executed, 3.0);
            assertThat(costs.at(Account.NM_HARDWARE, step).sum()).isBetween(executed, 3.0);
        }
    }

    /** By 2:4, at any step. */
    @Test
    void papersSkipMoreOnlyWhereTheListSaysSo() {
        for (MethodFactory<?> factory : Baselines.all()) {
            CostModel costs = costs(factory, new NmPattern(2, 4));
            boolean less = IntStream.range(0, STEPS).anyMatch(step -> costs.at(Account.PAPER, step).sum() < costs.at(
                    Account.CPU_EXECUTED, step).sum());
            assertThat(less).as(factory.name()).isEqualTo(PAPER_SKIPS_MORE.contains(factory.name()));
        }
    }

    /** Hashes of the weights after a run at 2:8, taken before there were row groups. */
    @ParameterizedTest
    @CsvSource({
        "dense, 916798580", "ste, 559667061", "sr-ste, -2100922073", "maxq, 899496117", "static, 1362402343"
    })
    void anOutputForItselfTrainsAsEver(String name, int expected) {
        MethodFactory<?> named = factories()
                .filter(factory -> factory.name().equals(name))
                .findFirst()
                .orElseThrow();
        NmPattern pattern = new NmPattern(2, 8);
        TrainingMethod method = create(named, pattern);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        assertThat(Arrays.hashCode(network.weightValues())).isEqualTo(expected);
    }

    private static <C extends Record> TrainingMethod create(MethodFactory<C> factory, SparsityPattern pattern) {
        MethodContext context = context(pattern);
        C configuration = ShortRun.of(factory.defaults());
        assertThat(factory.problems(configuration, context)).isEmpty();
        return factory.create(configuration, context);
    }

    private static <C extends Record> CostModel costs(MethodFactory<C> factory, SparsityPattern pattern) {
        return factory.costs(ShortRun.of(factory.defaults()), context(pattern));
    }

    private static MethodContext context(SparsityPattern pattern) {
        // Some method wants AdamW, and none refuses it.
        return new MethodContext(pattern, STEPS, FakeNetwork.STEPS_PER_EPOCH, new Optimizer.AdamW(), 7);
    }
}
