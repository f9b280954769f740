package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntFunction;
import org.bame.RecordChange;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.method.MethodContext;
import org.bame.method.PlanPromise;
import org.bame.method.Step;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.method.bame.BameConfiguration;
import org.bame.method.bame.BameConfiguration.InitPhase;
import org.bame.method.bame.BameConfiguration.Transpose;
import org.bame.method.bame.BameMethodFactory;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.OutputAxisPromise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Methods and kernels that lie are found out. */
class TrainerInvariantsTest {
    private static final int SIZE = 8;
    private static final int BATCH = 9;
    private static final NmPattern PATTERN = new NmPattern(2, 4);
    private static final OptimizerSettings SGD = new OptimizerSettings.Sgd(0.9, true, 1e-3, false, 0);
    private static final SparseTrainer.Settings SETTINGS =
            new SparseTrainer.Settings(SGD, new LearningRateSchedule.Constant(0.1), 40, 4);

    @ParameterizedTest
    @CsvSource({"2:4, 1", "2:4/g3, 1", "2:4, 3", "2:4/g3, 3"})
    void honestRunsPass(String text, int steps) {
        NmPattern pattern = NmPattern.parse(text);
        try (Kernels kernels = KernelProviders.scalar();
                SparseTrainer trainer = trainer(StraightThroughLayer.method("ste", pattern, 0), pattern, kernels)) {
            assertThatCode(trainer::verifyInvariants).doesNotThrowAnyException();
            train(trainer, steps);
            trainer.logits(TestGraphs.features(DataType.FLOAT, BATCH, SIZE, 3));
            assertThatCode(trainer::verifyInvariants).doesNotThrowAnyException();
            trainer.resetMeters();
            assertThatCode(trainer::verifyInvariants).doesNotThrowAnyException();
        }
    }

    /** Masks of 2:4 in a run that is 1:4, and the promises that would allow them. */
    @Test
    void aMethodThatKeepsMoreThanItPromisesIsFoundOut() {
        try (Kernels kernels = KernelProviders.scalar()) {
            for (MaskPromise promise : List.of(MaskPromise.EXACT, MaskPromise.AT_MOST)) {
                SparseTrainer trainer = promising(promise, new NmPattern(1, 4), kernels);
                assertThatThrownBy(trainer::verifyInvariants)
                        .isInstanceOf(InvariantException.class)
                        .hasMessageContaining("Layer 'one-a', step 1: the masks are not what method")
                        .hasMessageContaining("Weights 0 to 3 of 4x3x3x4 keep 2, expected "
                                + (promise == MaskPromise.EXACT ? "1 by" : "at most 1 by") + " pattern 1:4");
            }
            SparseTrainer trainer = promising(MaskPromise.AT_LEAST, new NmPattern(1, 4), kernels);
            assertThatCode(trainer::verifyInvariants).doesNotThrowAnyException();
        }
    }

    @Test
    void aMethodThatDropsMoreThanItPromisesIsFoundOut() {
        try (Kernels kernels = KernelProviders.scalar()) {
            MaskingMethod method = new MaskingMethod(PATTERN, 5);
            SparseTrainer trainer =
                    trainer(promising(method, layer -> PlanPromise.of(MaskPromise.AT_LEAST)), PATTERN, kernels);
            int lost = method.masks.get(2).nextKept(8, 12);
            method.masks.get(2).set(lost, false);
            train(trainer, 1);
            assertThatThrownBy(trainer::verifyInvariants)
                    .isInstanceOf(InvariantException.class)
                    .hasMessageContaining("Weights 8 to 11 of")
                    .hasMessageContaining("keep 1, expected at least 2 by pattern 2:4");
        }
    }

    /** Masks that are N:M along the inputs, of which as much is promised along the outputs. */
    @Test
    void anInputGradientThatIsNotNmIsFoundOut() {
        try (Kernels kernels = KernelProviders.scalar()) {
            MaskingMethod method = new MaskingMethod(PATTERN, 5);
            TrainingMethod boastful = promising(
                    method,
                    layer -> PlanPromise.EXACT.and(
                            OutputAxisPromise.inMemoryOrder(PATTERN, method.layers.get(layer).shape())));
            SparseTrainer trainer = trainer(boastful, PATTERN, kernels);
            train(trainer, 1);
            assertThatThrownBy(trainer::verifyInvariants)
                    .isInstanceOf(InvariantException.class)
                    .hasMessageContaining("Layer 'one-a', step 0: the masks are not what method")
                    .hasMessageContaining("The input gradient of 4x3x3x4 keeps")
                    .hasMessageContaining("of outputs [0, 1, 2, 3], expected 2 of the")
                    .hasMessageContaining("2:4 along the outputs");
        }
    }

    /** Two groups of 6 outputs, of which only 4 and 2 may share a block of W^T. */
    @ParameterizedTest
    @EnumSource(Transpose.class)
    void groupedConvolutionsKeepWhatIsPromisedOfThem(Transpose transpose) {
        BameConfiguration configuration = RecordChange.of(BameConfiguration.defaults(), "transpose", transpose);
        configuration = RecordChange.of(configuration, "initPhase", InitPhase.MAGNITUDE_ONE_SHOT);
        configuration = RecordChange.of(configuration, "interval", 2);
        BameMethodFactory factory = new BameMethodFactory();
        MethodContext context = new MethodContext(PATTERN, 20, 5, 0.9, 3);
        assertThat(factory.problems(configuration, context)).isEmpty();
        KernelConvolution grouped = new KernelConvolution(LayerKind.CONV3X3, 12, 3, 1, 1);
        grouped.setGroups(2);
        var graph = TestGraphs.builder(DataType.FLOAT, SGD.stockUpdater(0.1), SIZE)
                .addLayer("stem", new KernelConvolution(LayerKind.STEM, 8, 3, 1, 1), "entry")
                .addLayer("grouped", grouped, "stem");
        try (Kernels kernels = KernelProviders.scalar()) {
            TrainingMethod method = factory.create(configuration, context);
            SparseTrainer trainer = new SparseTrainer(
                    TestGraphs.init(TestGraphs.end(graph, "grouped")), kernels, PATTERN, method, SETTINGS);
            train(trainer, 8);
            assertThatCode(trainer::verifyInvariants).doesNotThrowAnyException();
            assertThat(method.drainAdaptations()).isNotEmpty();
            assertThat(method.promise(0, new Step(7, 20, 5, 0.1)).inputGradient().isPresent())
                    .isEqualTo(transpose != Transpose.NONE);
        }
    }

    /** Masks that are N:M row by row, though outputs were to share positions. */
    @Test
    void outputsThatDisagreeAreFoundOut() {
        NmPattern groups = new NmPattern(2, 4, 4);
        try (Kernels kernels = KernelProviders.scalar()) {
            SparseTrainer trainer = trainer(new MaskingMethod(PATTERN, 5), groups, kernels);
            train(trainer, 1);
            assertThatThrownBy(trainer::verifyInvariants)
                    .isInstanceOf(InvariantException.class)
                    .hasMessageContaining("expected each 4 consecutive outputs to agree by pattern 2:4/g4");
        }
    }

    @ParameterizedTest
    @CsvSource({"forward, FORWARD, 1", "inputGradient, INPUT_GRADIENT, -1", "weightGradient, WEIGHT_GRADIENT, 1000"})
    void aKernelThatCountsOtherwiseIsFoundOut(String call, String product, long lie) {
        try (Kernels kernels = lying(call, lie)) {
            SparseTrainer trainer = trainer(new MaskingMethod(PATTERN, 5), PATTERN, kernels);
            train(trainer, 1);
            assertThatThrownBy(trainer::verifyInvariants)
                    .isInstanceOf(InvariantException.class)
                    .hasMessageContaining("product " + product + ": in 1 calls the kernels counted")
                    .hasMessageContaining("expected")
                    .hasMessageContaining("nonzeros of the support x output positions x images");
        }
    }

    private static void train(SparseTrainer trainer, int steps) {
        for (int i = 0; i < steps; i++) {
            trainer.step(
                    TestGraphs.features(DataType.FLOAT, BATCH, SIZE, i), TestGraphs.labels(DataType.FLOAT, BATCH, i));
        }
    }

    private static SparseTrainer trainer(TrainingMethod method, NmPattern pattern, Kernels kernels) {
        return new SparseTrainer(
                TestGraphs.init(TestGraphs.residual(DataType.FLOAT, SGD.stockUpdater(0.1), SIZE)),
                kernels,
                pattern,
                method,
                SETTINGS);
    }

    /** Two steps of masks of 2:4, with a promise of them. */
    private static SparseTrainer promising(MaskPromise promise, NmPattern pattern, Kernels kernels) {
        TrainingMethod method = promising(new MaskingMethod(PATTERN, 5), layer -> PlanPromise.of(promise));
        SparseTrainer trainer = trainer(method, pattern, kernels);
        train(trainer, 2);
        return trainer;
    }

    /** The method, with another promise for each layer. */
    private static TrainingMethod promising(TrainingMethod method, IntFunction<PlanPromise> promise) {
        return proxy(
                TrainingMethod.class,
                (self, call, arguments) -> call.getName().equals("promise")
                        ? promise.apply((int) arguments[0])
                        : call.invoke(method, arguments));
    }

    /** Scalar kernels of which one product counts too many or too few multiply-accumulates. */
    private static Kernels lying(String product, long lie) {
        Kernels scalar = KernelProviders.scalar();
        return proxy(Kernels.class, (self, method, arguments) -> {
            Object result = method.invoke(scalar, arguments);
            if (!(result instanceof ConvolutionKernel kernel)) {
                return result;
            }
            return proxy(ConvolutionKernel.class, (kernelSelf, call, values) -> {
                Object answer = call.invoke(kernel, values);
                return call.getName().equals(product) ? (Object) ((long) answer + lie) : answer;
            });
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler));
    }
}
