package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.ElementType;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.Product;
import org.bame.kernel.Storage;
import org.bame.layer.LayerExecution.Mode;
import org.bame.method.MaskArithmetic;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.method.bame.BameConfiguration;
import org.bame.method.bame.BameMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Masked products that run dense: the same training, counted and reported as what it is. */
class KernelPolicyTest {
    private static final int SIZE = 8;
    private static final NmPattern PATTERN = new NmPattern(1, 4);
    private static final LayerExecution ALL_DENSE =
            new LayerExecution(Mode.MASKED_DENSE, Mode.MASKED_DENSE, Mode.MASKED_DENSE);
    private static final LayerExecution MIXED = new LayerExecution(Mode.SPARSE, Mode.MASKED_DENSE, Mode.SPARSE);

    private static Kernels kernels;

    @BeforeAll
    static void start() {
        kernels = KernelProviders.simd(2);
    }

    @AfterAll
    static void stop() {
        kernels.close();
    }

    private enum Method {
        /** Stores zeros. */
        STORED_ZEROS {
            @Override
            TrainingMethod create() {
                return new MaskingMethod(PATTERN, 3);
            }
        },
        /** Stores every weight; its weight gradient is dense. */
        DENSE_STORE {
            @Override
            TrainingMethod create() {
                return StraightThroughLayer.method("sr-ste", PATTERN, 1e-3);
            }
        },
        /** Goes from the one to the other. */
        PHASES {
            @Override
            TrainingMethod create() {
                return new BameMethod(BameConfiguration.defaults(), new MethodContext(PATTERN, 12, 4, 0.9, 7));
            }
        };

        abstract TrainingMethod create();
    }

    private SparseTrainer trainer(TrainingMethod method, LayerExecution.Chooser chooser, KernelPolicy policy) {
        OptimizerSettings sgd = new OptimizerSettings.Sgd(0.9, true, 1e-3, false, 0);
        ComputationGraph graph =
                TestGraphs.init(TestGraphs.residual(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE));
        var settings =
                new SparseTrainer.Settings(sgd, new LearningRateSchedule.Constant(0.05), 12, 4, policy, 0);
        return new SparseTrainer(graph, kernels, PATTERN, method, settings, chooser);
    }

    private SparseTrainer trainer(Method method, LayerExecution choice) {
        return trainer(method.create(), (shape, pattern, batch) -> choice, KernelPolicy.AUTO);
    }

    private static double run(SparseTrainer trainer, int from, int to) {
        double loss = 0;
        for (int i = from; i < to; i++) {
            int batch = i % 4 == 3 ? 7 : 17;
            loss = trainer.step(
                    TestGraphs.features(DataType.FLOAT, batch, SIZE, i), TestGraphs.labels(DataType.FLOAT, batch, i));
        }
        return loss;
    }

    private static int[] parameters(SparseTrainer trainer) {
        return LayerSerialisationTest.bits(trainer.graph().params());
    }

    @ParameterizedTest
    @EnumSource
    void trainsTheSameNetwork(Method method) {
        INDArray features = TestGraphs.features(DataType.FLOAT, 20, SIZE, 99);
        SparseTrainer sparse = trainer(method, LayerExecution.SPARSE);
        double loss = run(sparse, 0, 6);
        INDArray logits = sparse.logits(features);
        for (LayerExecution choice : List.of(ALL_DENSE, MIXED)) {
            SparseTrainer other = trainer(method, choice);
            assertThat(run(other, 0, 6)).isEqualTo(loss, within(1e-4));
            assertThat(other.logits(features).sub(logits).amaxNumber().doubleValue()).isLessThan(1e-3);
        }
    }

    @Test
    void isCountedAndReportedAsDense() {
        SparseTrainer sparse = trainer(Method.STORED_ZEROS, LayerExecution.SPARSE);
        SparseTrainer mixed = trainer(Method.STORED_ZEROS, MIXED);
        run(sparse, 0, 2);
        run(mixed, 0, 2);
        for (int i = 0; i < sparse.layers().size(); i++) {
            LayerReport expected = sparse.layers().get(i);
            LayerReport got = mixed.layers().get(i);
            boolean changed = got.sparse();
            assertThat(got.forward().macs()).isEqualTo(expected.forward().macs());
            assertThat(got.weightGradient().macs()).isEqualTo(expected.weightGradient().macs());
            assertThat(got.inputGradient().macs()).as(got.name())
                    .isEqualTo((changed ? 4 : 1) * expected.inputGradient().macs());
            assertThat(got.inputGradient().executed()).isEqualTo(!changed);
            assertThat(got.inputGradient().density()).isEqualTo(expected.inputGradient().density());
            assertThat(got.forward().executed()).isTrue();
        }
    }

    /** SR-STE's weight gradient is dense by itself: there is nothing to simulate. */
    @Test
    void leavesDenseSupportsAlone() {
        SparseTrainer trainer = trainer(Method.DENSE_STORE, ALL_DENSE);
        run(trainer, 0, 2);
        LayerReport layer = trainer.layers().get(1);
        assertThat(layer.forward().executed()).isFalse();
        assertThat(layer.weightGradient().executed()).isTrue();
        assertThat(layer.weightGradient().density()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aCheckpointFixesTheChoice(Method method, @TempDir Path folder) throws Exception {
        SparseTrainer whole = trainer(method, MIXED);
        run(whole, 0, 10);
        Path file = folder.resolve("checkpoint.zip");
        SparseTrainer first = trainer(method, MIXED);
        run(first, 0, 6);
        first.save(file);

        SparseTrainer second = trainer(
                method.create(),
                (shape, pattern, batch) -> {
                    throw new AssertionError("measured anew");
                },
                KernelPolicy.AUTO);
        second.restore(file);
        run(second, 6, 10);
        assertThat(parameters(second)).isEqualTo(parameters(whole));

        SparseTrainer otherPolicy =
                trainer(method.create(), (shape, pattern, batch) -> LayerExecution.SPARSE, KernelPolicy.SPARSE);
        assertThatThrownBy(() -> otherPolicy.restore(file)).hasMessageContaining("kernelPolicy=AUTO");
    }

    @Test
    void choosesOnceWhenTrainingStarts() {
        List<ConvolutionShape> asked = new ArrayList<>();
        SparseTrainer trainer = trainer(
                Method.STORED_ZEROS.create(),
                (shape, pattern, batch) -> {
                    asked.add(shape);
                    assertThat(batch).isEqualTo(BatchLayout.of(17));
                    return LayerExecution.SPARSE;
                },
                KernelPolicy.AUTO);
        trainer.logits(TestGraphs.features(DataType.FLOAT, 5, SIZE, 9));
        assertThat(asked).isEmpty();
        run(trainer, 0, 4);
        assertThat(asked).hasSize((int) trainer.layers().stream().filter(LayerReport::sparse).count());
    }

    @Test
    void masksOfTwoProductsMayDiffer() {
        WeightShape shape = new WeightShape(1, 1, 1, 4);
        Storage stored = Storage.allocate(ElementType.FLOAT, 4);
        stored.fill(3);
        Mask first = Mask.empty(shape);
        first.set(0, true);
        Mask last = Mask.empty(shape);
        last.set(3, true);
        PlanExecution execution = new PlanExecution();
        execution.choose(ALL_DENSE);
        execution.plan(ProductPlan.of(Support.of(first), Support.of(last), Support.of(first)), stored);
        assertThat(numbers(execution.forwardWeights(stored))).containsExactly(3, 0, 0, 0);
        assertThat(numbers(execution.inputGradientWeights(stored))).containsExactly(0, 0, 0, 3);
        assertThat(execution.support(Product.INPUT_GRADIENT)).isEqualTo(Support.DENSE);
        assertThat(numbers(stored)).containsExactly(3, 3, 3, 3);

        // Zeros that are stored need no copy; what they then are is read when the product runs.
        MaskArithmetic.zeroOutside(first, stored);
        execution.plan(ProductPlan.of(Support.of(first), Support.of(first), Support.of(first)), stored);
        assertThat(execution.forwardWeights(stored)).isSameAs(stored);
        assertThat(execution.inputGradientWeights(stored)).isSameAs(stored);
        execution.plan(ProductPlan.DENSE, stored);
        assertThat(execution.isMaskedDense(Product.FORWARD)).isFalse();
    }

    private static List<Integer> numbers(Storage storage) {
        List<Integer> numbers = new ArrayList<>();
        for (long i = 0; i < storage.size(); i++) {
            numbers.add((int) storage.get(i));
        }
        return numbers;
    }

    /** With kernels of which one is slowed down, product by product. */
    @ParameterizedTest
    @EnumSource
    void measuresWhichIsFaster(Product slow) {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(4, 3, 3), 4, 3, 1, 1);
        List<Mode> modes = new ArrayList<>();
        for (boolean dense : new boolean[]{true, false}) {
            KernelTrials trials = new KernelTrials(slowed(slow, dense));
            LayerExecution choice = trials.choose(shape, PATTERN, BatchLayout.of(4));
            assertThat(trials.choose(shape, PATTERN, BatchLayout.of(4))).isSameAs(choice);
            modes.add(choice.mode(slow));
        }
        assertThat(modes).containsExactly(Mode.SPARSE, Mode.MASKED_DENSE);
    }

    private static Kernels slowed(Product slow, boolean dense) {
        Kernels scalar = KernelProviders.scalar();
        String method = List.of("forward", "inputGradient", "weightGradient").get(slow.ordinal());
        return proxy(Kernels.class, (self, called, arguments) -> {
            Object made = called.invoke(scalar, arguments);
            return !(made instanceof ConvolutionKernel kernel)
                    ? made
                    : proxy(ConvolutionKernel.class, (kernelSelf, call, values) -> {
                        if (call.getName().equals(method) && values[0].equals(Support.DENSE) == dense) {
                            Thread.sleep(5);
                        }
                        return call.invoke(kernel, values);
                    });
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler));
    }
}
