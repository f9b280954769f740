package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.bame.kernel.ElementType;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.Storage;
import org.bame.method.ProductPlan;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.WeightShape;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class WeightAverageTest {
    private static final int SIZE = 8;
    private static final double DECAY = 0.75;
    private static final NmPattern PATTERN = new NmPattern(2, 4);
    private static final INDArray FEATURES = TestGraphs.features(DataType.FLOAT, 20, SIZE, 9);
    private static Kernels kernels;

    @BeforeAll
    static void start() {
        kernels = KernelProviders.simd(2);
    }

    @AfterAll
    static void stop() {
        kernels.close();
    }

    private static SparseTrainer trainer(TrainingMethod method, double decay, LayerExecution execution) {
        OptimizerSettings sgd = new OptimizerSettings.Sgd(0.9, true, 1e-3, false, 0);
        ComputationGraph graph = TestGraphs.init(TestGraphs.residual(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE));
        var schedule = new LearningRateSchedule.Constant(0.05);
        var settings = new SparseTrainer.Settings(sgd, schedule, 40, 4, KernelPolicy.SPARSE, decay);
        return new SparseTrainer(graph, kernels, PATTERN, method, settings, (shape, pattern, batch) -> execution);
    }

    private static SparseTrainer trainer(TrainingMethod method, double decay) {
        return trainer(method, decay, LayerExecution.SPARSE);
    }

    private static TrainingMethod srSte() {
        return StraightThroughLayer.method("sr-ste", PATTERN, 1e-3);
    }

    private static void run(SparseTrainer trainer, int from, int to) {
        for (int i = from; i < to; i++) {
            trainer.step(
                    TestGraphs.features(DataType.FLOAT, 33, SIZE, i), TestGraphs.labels(DataType.FLOAT, 33, i));
        }
    }

    private static int[] bits(INDArray array) {
        return LayerSerialisationTest.bits(array);
    }

    private static float[] weights(SparseTrainer trainer) {
        return trainer.graph().getParam("three-b_W").dup('c').data().asFloat();
    }

    /** Dense, so that deploying writes the average itself; running statistics are parts of it. */
    @Test
    void followsTheParametersAfterEveryStep() {
        SparseTrainer trainer = trainer(null, DECAY);
        double[] expected = trainer.graph().params().toDoubleVector();
        for (int step = 0; step < 6; step++) {
            run(trainer, step, step + 1);
            double[] now = trainer.graph().params().toDoubleVector();
            for (int i = 0; i < now.length; i++) {
                expected[i] = DECAY * expected[i] + (1 - DECAY) * now[i];
            }
        }
        INDArray before = trainer.logits(FEATURES);
        trainer.deploy();
        double[] average = trainer.graph().params().toDoubleVector();
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(average[i] - expected[i])).isLessThan(1e-6 * Math.max(1, Math.abs(expected[i])));
        }
        assertThat(bits(trainer.graph().outputSingle(FEATURES))).isEqualTo(bits(before));
        assertThat(bits(trainer.logits(FEATURES))).isEqualTo(bits(before));
        assertThat(bits(trainer(null, 0).logits(FEATURES))).isNotEqualTo(bits(before));
    }

    @Test
    void beforeTheFirstStepItIsTheParameters() {
        assertThat(bits(trainer(srSte(), DECAY).logits(FEATURES)))
                .isEqualTo(bits(trainer(srSte(), 0).logits(FEATURES)));
    }

    /** Masks are those of the weights in training, not of the average. */
    @Test
    void inferenceMultipliesTheAverageUnderTheMasksAsTheyStand() {
        double decay = 0.97;
        SparseTrainer trainer = trainer(srSte(), decay);
        float[] average = weights(trainer);
        for (int step = 0; step < 20; step++) {
            run(trainer, step, step + 1);
            float[] now = weights(trainer);
            for (int i = 0; i < now.length; i++) {
                average[i] = average[i] * (float) decay + now[i] * (float) (1 - decay);
            }
        }
        Mask mask = Mask.empty(new WeightShape(8, 3, 3, 8));
        Mask ofAverage = Mask.empty(mask.shape());
        new NmSelection(PATTERN).select(weights(trainer), mask);
        new NmSelection(PATTERN).select(average, ofAverage);
        assertThat(mask.difference(ofAverage)).isPositive();
        for (int i = 0; i < average.length; i++) {
            average[i] = mask.get(i) ? average[i] : 0;
        }
        INDArray logits = trainer.logits(FEATURES);
        trainer.deploy();
        assertThat(weights(trainer)).isEqualTo(average);
        assertThat(trainer.graph().outputSingle(FEATURES).sub(logits).amaxNumber().doubleValue()).isLessThan(1e-5);
    }

    private enum Kind {
        DENSE,
        MASKED,
        SCALED,
        SUM,
        MASKED_DENSE
    }

    private static Supplier<SparseTrainer> make(Kind kind, double decay) {
        return switch (kind) {
            case DENSE -> () -> trainer(null, decay);
            case MASKED -> () -> trainer(srSte(), decay);
            case SCALED -> () -> trainer(ScaledLayer.method(PATTERN, 2, 0), decay);
            case SUM -> () -> trainer(ScaledLayer.method(PATTERN, 1, 0.1), decay);
            case MASKED_DENSE -> () -> trainer(
                    srSte(),
                    decay,
                    new LayerExecution(
                            LayerExecution.Mode.MASKED_DENSE,
                            LayerExecution.Mode.MASKED_DENSE,
                            LayerExecution.Mode.MASKED_DENSE));
        };
    }

    @ParameterizedTest
    @EnumSource
    void neitherTheAverageNorAnEvaluationChangesTheTraining(Kind kind) {
        SparseTrainer plain = make(kind, 0).get();
        SparseTrainer averaged = make(kind, DECAY).get();
        for (int step = 0; step < 6; step++) {
            averaged.logits(FEATURES);
            run(plain, step, step + 1);
            run(averaged, step, step + 1);
        }
        assertThat(bits(averaged.graph().params())).isEqualTo(bits(plain.graph().params()));
        assertThat(bits(averaged.logits(FEATURES))).isEqualTo(bits(averaged.logits(FEATURES)))
                .isNotEqualTo(bits(plain.logits(FEATURES)));
    }

    @ParameterizedTest
    @EnumSource
    void aResumedRunEndsBitIdentical(Kind kind, @TempDir Path folder) throws IOException {
        SparseTrainer whole = make(kind, DECAY).get();
        run(whole, 0, 5);
        Path file = folder.resolve("checkpoint.zip");
        whole.save(file);
        run(whole, 5, 9);
        SparseTrainer resumed = make(kind, DECAY).get();
        run(resumed, 0, 2);
        resumed.logits(FEATURES);
        resumed.restore(file);
        run(resumed, 5, 9);
        assertThat(bits(resumed.graph().params())).isEqualTo(bits(whole.graph().params()));
        assertThat(bits(resumed.logits(FEATURES))).isEqualTo(bits(whole.logits(FEATURES)));
        whole.deploy();
        resumed.deploy();
        assertThat(bits(resumed.graph().params())).isEqualTo(bits(whole.graph().params()));
    }

    /** A tenth more than the weights, so a tenth more than the average. */
    @Test
    void effectiveWeightsThatAreSumsKeepTheirDistanceFromTheStoredOnes() {
        SparseTrainer sum = make(Kind.SUM, DECAY).get();
        float[] average = weights(sum);
        run(sum, 0, 1);
        float[] now = weights(sum);
        sum.logits(FEATURES);
        sum.deploy();
        float[] deployed = weights(sum);
        for (int i = 0; i < now.length; i++) {
            float expected = average[i] * (float) DECAY + now[i] * (float) (1 - DECAY) + 0.1f;
            if (deployed[i] != 0) {
                assertThat(deployed[i]).isEqualTo(expected, within(1e-6f));
            }
        }
        assertThat(deployed).isNotEqualTo(new float[deployed.length]);
    }

    /** Twice the weights, so twice the average. */
    @Test
    void effectiveWeightsKeepTheirRatioToTheStoredOnes() {
        SparseTrainer scaled = make(Kind.SCALED, DECAY).get();
        float[] average = weights(scaled);
        run(scaled, 0, 1);
        float[] now = weights(scaled);
        scaled.logits(FEATURES);
        scaled.deploy();
        float[] deployed = weights(scaled);
        for (int i = 0; i < now.length; i++) {
            float expected = 2 * (average[i] * (float) DECAY + now[i] * (float) (1 - DECAY));
            assertThat(deployed[i]).isIn(0f, expected);
        }
    }

    @Test
    @Tag("allocation")
    void aStepAllocatesNothingForIt() {
        INDArray labels = TestGraphs.labels(DataType.FLOAT, 20, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] bytes = new long[2];
        for (int kind = 0; kind < 2; kind++) {
            SparseTrainer trainer = trainer(null, kind * DECAY);
            for (int i = 0; i < 200; i++) {
                trainer.step(FEATURES, labels);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20; i++) {
                trainer.step(FEATURES, labels);
            }
            bytes[kind] = (threads.getCurrentThreadAllocatedBytes() - before) / 20;
        }
        // A copy of the parameters would be 15 kB.
        assertThat(bytes[1]).isLessThan(bytes[0] + 10_000);
    }

    @Test
    void decaysOutOfRangeAreRefused() {
        for (double decay : List.of(-0.1, 1.0, Double.NaN)) {
            assertThatIllegalArgumentException().isThrownBy(() -> trainer(null, decay)).withMessageContaining("[0, 1)");
        }
    }

    /** The weights are in their place again, and so is the average: a later evaluation is as without the failure. */
    @Test
    void anEvaluationThatFailsLeavesTheRunAsItWas() {
        AtomicBoolean broken = new AtomicBoolean();
        SparseTrainer failing = trainer(breaking(ScaledLayer.method(PATTERN, 2, 0), broken), DECAY);
        SparseTrainer sound = make(Kind.SCALED, DECAY).get();
        run(failing, 0, 3);
        run(sound, 0, 3);
        broken.set(true);
        assertThatThrownBy(() -> failing.logits(FEATURES)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(bits(failing.graph().params())).isEqualTo(bits(sound.graph().params()));
        broken.set(false);
        run(failing, 3, 5);
        run(sound, 3, 5);
        assertThat(bits(failing.graph().params())).isEqualTo(bits(sound.graph().params()));
        assertThat(bits(failing.logits(FEATURES))).isEqualTo(bits(sound.logits(FEATURES)));
    }

    /** The method, whose second layer has too few effective weights while it is broken. */
    private static TrainingMethod breaking(TrainingMethod method, AtomicBoolean broken) {
        InvocationHandler handler = (self, call, arguments) -> {
            Object answer = call.invoke(method, arguments);
            return broken.get() && answer instanceof ProductPlan plan && arguments[0].equals(1)
                    ? new ProductPlan(
                            plan.forward(),
                            plan.inputGradient(),
                            plan.weightGradient(),
                            Storage.allocate(ElementType.FLOAT, 1))
                    : answer;
        };
        return (TrainingMethod) Proxy.newProxyInstance(
                TrainingMethod.class.getClassLoader(), new Class<?>[]{TrainingMethod.class}, handler);
    }
}
