package org.bame.method.bame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bame.RecordChange;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.ElementType;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.Storage;
import org.bame.method.Adaptation;
import org.bame.method.FakeNetwork;
import org.bame.method.MethodContext;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.method.bame.BameConfiguration.InitPhase;
import org.bame.method.bame.BameConfiguration.Transpose;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.Support;
import org.bame.sparsity.TransposableSelection;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The answers to the transpose question (methods.md 4.5), trained. */
class BameTransposeTest {
    /** t_i = 40, t_f = 96, an adaptation every 4 steps; the input gradient's own mask every 10. */
    private static final long STEPS = 120;

    private static final NmPattern PATTERN = new NmPattern(2, 8);
    /** Whole tiles and a last one of 4 rows; one of 5 rows alone. */
    private static final WeightShape[] SHAPES = {new WeightShape(12, 3, 3, 16), WeightShape.linear(5, 24)};

    @ParameterizedTest
    @EnumSource(InitPhase.class)
    void tilesStayTransposableWhateverComesFirst(InitPhase initPhase) {
        BameConfiguration configuration = RecordChange.of(configuration(Transpose.TILE), "initPhase", initPhase);
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method = create(configuration, PATTERN, network);
        Mask before = null;
        int swaps = 0;
        for (int step = 0; step < STEPS; step++) {
            boolean sparse = step >= 40 || initPhase.oneShot() && (step > 0
                    || initPhase != InitPhase.GRADIENT_ONE_SHOT);
            for (int layer = 0; sparse && layer < SHAPES.length; layer++) {
                ProductPlan plan = method.plan(layer, network.now());
                PlanPromise.EXACT.and(OutputAxisPromise.inMemoryOrder(PATTERN, SHAPES[layer])).require(plan, PATTERN);
                assertThat(plan.inputGradient()).isEqualTo(plan.forward());
            }
            before = sparse ? mask(method.plan(0, network.now()).forward()).copy() : null;
            network.train(method);
            for (Adaptation adaptation : method.drainAdaptations()) {
                if (adaptation.layer().equals("layer0")) {
                    int flips = before.difference(mask(method.plan(0, network.now()).forward()));
                    assertThat(2 * adaptation.swaps()).isEqualTo(flips);
                    assertThat(adaptation.swaps() % 2).as("a cycle is two swaps").isZero();
                    swaps += adaptation.swaps();
                }
            }
        }
        assertThat(swaps).isGreaterThan(20);
    }

    /**
     * At every step, with whole blocks and rests of outputs, and with a convolution in groups. A promise in memory order is
     * kept by chance alone where the order is another.
     */
    @ParameterizedTest
    @EnumSource(Transpose.class)
    void masksAreAsPromisedWhateverComesFirst(Transpose transpose) {
        WeightShape[] shapes = {SHAPES[0], SHAPES[1], new WeightShape(20, 1, 3, 8, 2)};
        for (InitPhase initPhase : InitPhase.values()) {
            BameConfiguration configuration = RecordChange.of(configuration(transpose), "initPhase", initPhase);
            FakeNetwork network = new FakeNetwork(STEPS, 3, shapes);
            TrainingMethod method = create(configuration, PATTERN, network);
            for (int step = 0; step < STEPS; step++) {
                for (int layer = 0; layer < shapes.length; layer++) {
                    ProductPlan plan = method.plan(layer, network.now());
                    PlanPromise promise = method.promise(layer, network.now());
                    promise.require(plan, PATTERN);
                    boolean sparse = step >= 40
                            || initPhase.oneShot() && (step > 0 || initPhase != InitPhase.GRADIENT_ONE_SHOT);
                    assertThat(promise.inputGradient().isPresent())
                            .isEqualTo(sparse ? transpose != Transpose.NONE : initPhase == InitPhase.BIMASK);
                }
                network.train(method);
            }
        }
    }

    /** At t_i the tiles keep what a selection of its own keeps of the dense store's weights. */
    @Test
    void tilesStartFromTheLargestWeights() {
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method = create(configuration(Transpose.TILE), PATTERN, network);
        for (int step = 0; step < 40; step++) {
            network.train(method);
        }
        Mask expected = Mask.empty(SHAPES[0]);
        new TransposableSelection(PATTERN).select(network.layer(0).weights().segment(), expected);
        assertThat(mask(method.plan(0, network.now()).forward()).difference(expected)).isZero();
    }

    /** A frozen tile keeps its whole mask, and a swap's history counts for its tile. */
    @Test
    void tilesFreezeAsAWhole() {
        BameConfiguration configuration = RecordChange.of(configuration(Transpose.TILE), "interval", 1);
        configuration = RecordChange.of(RecordChange.of(configuration, "rho0", 1.0), "swapsPerBlock", 4);
        FakeNetwork network = new FakeNetwork(STEPS, 5, SHAPES);
        BameMethod method = (BameMethod) create(configuration, PATTERN, network);
        BameLayer layer = method.layers().getFirst();
        // Two rows of tiles, 9 kernel positions, 2 tiles across.
        assertThat(layer.blocks()).isEqualTo(36);
        Mask before = null;
        boolean[] frozen = new boolean[36];
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
            if (!layer.sparse()) {
                continue;
            }
            Mask now = mask(method.plan(0, network.now()).forward());
            for (int i = 0; before != null && i < SHAPES[0].size(); i++) {
                int output = i / 144;
                int tile = output / 8 * 18 + i % 144 / 8;
                if (frozen[tile]) {
                    assertThat(now.get(i)).isEqualTo(before.get(i));
                }
            }
            before = now.copy();
            for (int tile = 0; tile < 36; tile++) {
                frozen[tile] = !layer.changeable(tile);
            }
        }
        assertThat(frozen).contains(true);
    }

    /** The backward mask by an independent calculation: of the kept weights of M outputs the N largest magnitudes. */
    @ParameterizedTest
    @CsvSource({"2:8", "1:4", "2:4/g4"})
    void doublePruningThinsAlongTheOutputs(String text) {
        NmPattern pattern = NmPattern.parse(text);
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method = create(configuration(Transpose.DOUBLE_PRUNE), pattern, network);
        TrainingMethod plain = create(configuration(Transpose.NONE), pattern, new FakeNetwork(STEPS, 3, SHAPES));
        Mask chosen = null;
        int choices = 0;
        for (int step = 0; step < STEPS; step++) {
            ProductPlan plan = method.plan(0, network.now());
            if (step < 40) {
                assertThat(plan.inputGradient()).isEqualTo(plan.forward());
            } else {
                Mask forward = mask(plan.forward());
                MaskPromise.EXACT.require(forward, pattern);
                Mask backward = mask(plan.inputGradient());
                // Chosen at t_i, after each adaptation (40, 44, .. 92) and every 10 steps.
                if (step == 40 || step % 10 == 0 || step <= 93 && step % 4 == 1) {
                    Mask expected = thinned(network, forward, pattern);
                    assertThat(backward.difference(expected)).as("step %d", step).isZero();
                    choices += chosen != null && chosen.difference(expected) > 0 ? 1 : 0;
                } else {
                    assertThat(backward.difference(chosen)).isZero();
                }
                assertThat(backward.density()).isLessThan(forward.density());
                chosen = backward.copy();
            }
            network.train(method);
        }
        assertThat(choices).isGreaterThan(5);
        assertThat(plain.signature()).isNotEqualTo(method.signature());
    }

    /** In a fake network dX decides nothing: the forward masks and weights are those of transpose NONE. */
    @ParameterizedTest
    @EnumSource(value = Transpose.class, names = {"DOUBLE_PRUNE", "BI_MASK"})
    void forwardMasksAreUntouched(Transpose transpose) {
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        FakeNetwork twin = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method = create(configuration(transpose), PATTERN, network);
        TrainingMethod none = create(configuration(Transpose.NONE), PATTERN, twin);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
            twin.train(none);
        }
        assertThat(values(network)).isEqualTo(values(twin));
        assertThat(method.statistics()).isEqualTo(none.statistics());
    }

    /** In the best of some random orders no fewer weights stay, and the mask is N:M in that order alone. */
    @Test
    void permutedOutputsKeepMore() {
        int[] kept = new int[2];
        for (int i = 0; i < 2; i++) {
            FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
            Transpose transpose = i == 0 ? Transpose.DOUBLE_PRUNE : Transpose.BI_MASK;
            TrainingMethod method = create(configuration(transpose), PATTERN, network);
            for (int step = 0; step < STEPS; step++) {
                ProductPlan plan = method.plan(0, network.now());
                if (step >= 40) {
                    Mask backward = mask(plan.inputGradient());
                    kept[i] += backward.count();
                    for (int w = 0; w < SHAPES[0].size(); w++) {
                        assertThat(!backward.get(w) || mask(plan.forward()).get(w)).isTrue();
                    }
                    // Two blocks of outputs, in any order: at most 2 N a column.
                    for (int column = 0; column < 144; column++) {
                        int inColumn = 0;
                        for (int output = 0; output < 12; output++) {
                            inColumn += backward.get(output * 144 + column) ? 1 : 0;
                        }
                        assertThat(inColumn).isLessThanOrEqualTo(4);
                    }
                }
                network.train(method);
            }
        }
        assertThat(kept[1]).isGreaterThan(kept[0]);
    }

    /** As Bi-Mask from the first step: a forward mask of every step's largest weights, and a backward mask in it. */
    @Test
    void biMaskMayComeFirst() {
        BameConfiguration configuration =
                RecordChange.of(configuration(Transpose.NONE), "initPhase", InitPhase.BIMASK);
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        FakeNetwork twin = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method = create(configuration, PATTERN, network);
        TrainingMethod srSte = create(configuration(Transpose.NONE), PATTERN, twin);
        for (int step = 0; step < STEPS; step++) {
            ProductPlan plan = method.plan(0, network.now());
            if (step < 40) {
                Mask expected = Mask.empty(SHAPES[0]);
                new NmSelection(PATTERN).select(network.layer(0).weights().segment(), expected);
                assertThat(mask(plan.forward()).difference(expected)).isZero();
                Mask backward = mask(plan.inputGradient());
                assertThat(backward.count()).isBetween(1, expected.count() - 1);
                backward = backward.copy();
                backward.union(expected);
                assertThat(backward.difference(expected)).isZero();
                assertThat(plan.weightGradient()).isEqualTo(Support.DENSE);
            } else {
                assertThat(plan.inputGradient()).isEqualTo(plan.forward());
            }
            network.train(method);
            twin.train(srSte);
        }
        // Where dX decides nothing, Bi-Mask is SR-STE (methods.md 6.2).
        assertThat(values(network)).isEqualTo(values(twin));
    }

    @ParameterizedTest
    @CsvSource({
        "TILE, SRSTE", "TILE, RANDOM", "DOUBLE_PRUNE, SRSTE", "DOUBLE_PRUNE, GRADIENT_ONE_SHOT", "BI_MASK, SRSTE",
        "BI_MASK, BIMASK", "NONE, BIMASK", "DOUBLE_PRUNE, BIMASK"
    })
    void savedAndRestoredItContinuesBitByBit(Transpose transpose, InitPhase initPhase) throws IOException {
        BameConfiguration configuration = RecordChange.of(configuration(transpose), "initPhase", initPhase);
        for (int steps : new int[]{0, 1, 10, 17, 40, 41, 47, 100}) {
            for (boolean evaluated : new boolean[]{false, true}) {
                FakeNetwork network = new FakeNetwork(STEPS, 8, SHAPES);
                TrainingMethod method = create(configuration, PATTERN, network);
                for (int step = 0; step < steps; step++) {
                    network.train(method);
                    if (evaluated) {
                        // Of the step taken, with the new weights.
                        method.plan(0, network.before());
                        method.plan(1, network.before());
                    }
                }
                TrainingMethod restored = new BameMethodFactory().create(configuration, context(PATTERN));
                FakeNetwork copy = network.moveTo(method, restored);
                for (long step = steps; step < STEPS; step++) {
                    assertThat(planned(restored, copy)).isEqualTo(planned(method, network));
                    network.train(method);
                    copy.train(restored);
                }
                assertThat(values(copy)).isEqualTo(values(network));
                assertThat(restored.statistics()).isEqualTo(method.statistics());
            }
        }
    }

    /** An evaluation in between leaves no trace: orders and masks of both products are as without. */
    @ParameterizedTest
    @CsvSource({"TILE, SRSTE", "DOUBLE_PRUNE, SRSTE", "BI_MASK, BIMASK"})
    void evaluationsLeaveNoTrace(Transpose transpose, InitPhase initPhase) {
        BameConfiguration configuration = RecordChange.of(configuration(transpose), "initPhase", initPhase);
        FakeNetwork network = new FakeNetwork(STEPS, 8, SHAPES);
        FakeNetwork evaluated = new FakeNetwork(STEPS, 8, SHAPES);
        TrainingMethod method = create(configuration, PATTERN, network);
        TrainingMethod asked = create(configuration, PATTERN, evaluated);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
            evaluated.train(asked);
            asked.plan(0, evaluated.before());
            asked.plan(1, evaluated.before());
            if (step < STEPS - 1) {
                assertThat(planned(asked, evaluated)).isEqualTo(planned(method, network));
            }
        }
        assertThat(values(evaluated)).isEqualTo(values(network));
        assertThat(asked.statistics()).isEqualTo(method.statistics());
    }

    @Test
    void onlyAnAnswerEarnsSomethingOnNmHardware() {
        double d = 0.25;
        // The mean of min(k, 2) over k of 8 kept with probability 1/4: (0 * p0 + 1 * p1 + 2 (1 - p0 - p1)) / 8.
        double p0 = Math.pow(0.75, 8);
        double p1 = 8 * 0.25 * Math.pow(0.75, 7);
        double thinned = (p1 + 2 * (1 - p0 - p1)) / 8;
        for (Transpose transpose : Transpose.values()) {
            CostModel costs = new BameMethodFactory().costs(configuration(transpose), context(PATTERN));
            boolean thins = transpose == Transpose.DOUBLE_PRUNE || transpose == Transpose.BI_MASK;
            boolean answers = transpose != Transpose.NONE;
            assertThat(costs.at(Account.PAPER, 41)).isEqualTo(new CostVector(d, d, d));
            assertThat(costs.at(Account.NM_HARDWARE, 41)).isEqualTo(new CostVector(d, answers ? d : 1, 1));
            CostVector executed = costs.at(Account.CPU_EXECUTED, 41);
            assertThat(executed.inputGradient()).isEqualTo(thins ? thinned : d, within(1e-12));
            assertThat(executed.weightGradient()).isEqualTo(d);
            assertThat(costs.at(Account.CPU_EXECUTED, 44).weightGradient()).isEqualTo(1);
            assertThat(costs.at(Account.NM_HARDWARE, 5)).isEqualTo(new CostVector(d, 1, 1));
        }
    }

    /**
     * A large random layer: what a kernel counts is what the account expects, in phase A too. Orders chosen for what they keep
     * keep a little more; a layer of only 16 groups of outputs a little less.
     */
    @ParameterizedTest
    @CsvSource({
        "DOUBLE_PRUNE, MAGNITUDE_ONE_SHOT, 2:8",
        "DOUBLE_PRUNE, MAGNITUDE_ONE_SHOT, 2:8/g4",
        "BI_MASK, MAGNITUDE_ONE_SHOT, 2:8",
        "BI_MASK, MAGNITUDE_ONE_SHOT, 2:8/g4",
        "DOUBLE_PRUNE, BIMASK, 2:8/g4",
        "NONE, BIMASK, 2:8"})
    void kernelsCountWhatTheAccountExpectsOfAThinnedMask(Transpose transpose, InitPhase initPhase, String text) {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(64, 2, 2), 64, 3, 1, 1);
        BatchLayout batch = BatchLayout.of(1);
        NmPattern pattern = NmPattern.parse(text);
        BameConfiguration configuration = RecordChange.of(configuration(transpose), "initPhase", initPhase);
        FakeNetwork network = new FakeNetwork(STEPS, 3, shape.weights());
        TrainingMethod method = create(configuration, pattern, network);
        long macs;
        try (Kernels kernels = KernelProviders.simd(1)) {
            macs = kernels.convolution(shape, batch)
                    .inputGradient(
                            method.plan(0, network.now()).inputGradient(),
                            network.layer(0).weights(),
                            Storage.allocate(ElementType.FLOAT, batch.elements(shape.output())),
                            Storage.allocate(ElementType.FLOAT, batch.elements(shape.input())));
        }
        double counted = (double) macs / shape.macsPerSample();
        double charged = new BameMethodFactory()
                .costs(configuration, context(pattern))
                .at(Account.CPU_EXECUTED, 0)
                .inputGradient();
        assertThat(counted).isBetween(0.97 * charged, 1.02 * charged);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThat(problems(configuration(Transpose.TILE), "2:8/g4")).singleElement().asString()
                .contains("transpose is TILE", "2:8/g4", "without row groups");
        assertThat(problems(configuration(Transpose.TILE), "2:128")).singleElement().asString().contains("M up to 64");
        assertThat(problems(RecordChange.of(configuration(Transpose.TILE), "swapsPerBlock", 5), "2:8"))
                .containsExactly("swapsPerBlock is 5, expected 1 to 4 = M / 2 for pattern 2:8");
        assertThat(problems(RecordChange.of(configuration(Transpose.TILE), "swapsPerBlock", 4), "2:8")).isEmpty();
        assertThat(problems(configuration(Transpose.BI_MASK), "2:8/g4")).isEmpty();
        assertThat(problems(RecordChange.of(configuration(Transpose.BI_MASK), "permutations", 0), "2:8"))
                .containsExactly("permutations is 0, expected at least 1");
        assertThat(problems(RecordChange.of(configuration(Transpose.NONE), "measureEvery", -1), "2:8"))
                .containsExactly("measureEvery is -1, expected 0 for never, or at least 1");
    }

    private static Mask thinned(FakeNetwork network, Mask forward, NmPattern pattern) {
        Mask expected = Mask.empty(SHAPES[0]);
        int columns = SHAPES[0].rowLength();
        for (int column = 0; column < columns; column++) {
            for (int from = 0; from < SHAPES[0].outputs(); from += pattern.m()) {
                List<Integer> kept = new ArrayList<>();
                for (int output = from; output < Math.min(from + pattern.m(), SHAPES[0].outputs()); output++) {
                    if (forward.get(output * columns + column)) {
                        kept.add(output * columns + column);
                    }
                }
                kept.sort((a, b) -> Double.compare(
                        Math.abs(network.layer(0).weights().get(b)), Math.abs(network.layer(0).weights().get(a))));
                kept.stream().limit(pattern.n()).forEach(i -> expected.set(i, true));
            }
        }
        return expected;
    }

    private static BameConfiguration configuration(Transpose transpose) {
        BameConfiguration configuration = RecordChange.of(BameConfiguration.defaults(), "interval", 4);
        configuration = RecordChange.of(configuration, "backwardInterval", 10);
        return RecordChange.of(configuration, "transpose", transpose);
    }

    private static TrainingMethod create(BameConfiguration configuration, NmPattern pattern, FakeNetwork network) {
        assertThat(new BameMethodFactory().problems(configuration, context(pattern))).isEmpty();
        TrainingMethod method = new BameMethodFactory().create(configuration, context(pattern));
        method.attach(network.masked());
        return method;
    }

    private static List<String> problems(BameConfiguration configuration, String pattern) {
        return new BameMethodFactory().problems(configuration, context(NmPattern.parse(pattern)));
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, 10, 0.9, 11);
    }

    private static Mask mask(Support support) {
        return ((Support.Masked) support).mask();
    }

    /** The kept weights of the forward product and the input gradient, in words. */
    private static List<Long> planned(TrainingMethod method, FakeNetwork network) {
        List<Long> words = new ArrayList<>();
        for (int layer = 0; layer < SHAPES.length; layer++) {
            ProductPlan plan = method.plan(layer, network.now());
            for (Support support : List.of(plan.forward(), plan.inputGradient())) {
                if (support instanceof Support.Masked(Mask mask)) {
                    for (int word = 0; word < mask.wordCount(); word++) {
                        words.add(mask.word(word));
                    }
                }
            }
        }
        return words;
    }

    private static float[] values(FakeNetwork network) {
        float[] values = new float[Arrays.stream(SHAPES).mapToInt(WeightShape::size).sum()];
        int at = 0;
        for (int layer = 0; layer < SHAPES.length; layer++) {
            for (int i = 0; i < SHAPES[layer].size(); i++) {
                values[at++] = (float) network.layer(layer).weights().get(i);
            }
        }
        return values;
    }
}
