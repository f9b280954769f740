package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Methods and kernels that lie are found out. */
class TrainerInvariantsTest {
    private static final int SIZE = 8;
    private static final int BATCH = 9;
    private static final NmPattern PATTERN = new NmPattern(2, 4);

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
            for (MaskPromise promise : MaskPromise.values()) {
                SparseTrainer trainer =
                        trainer(promising(new MaskingMethod(PATTERN, 5), promise), new NmPattern(1, 4), kernels);
                train(trainer, 2);
                switch (promise) {
                    case EXACT, AT_MOST -> assertThatThrownBy(trainer::verifyInvariants)
                            .isInstanceOf(InvariantException.class)
                            .hasMessageContaining("Layer 'one-a', step 1")
                            .hasMessageContaining("promises (" + promise + ")")
                            .hasMessageContaining("Weights 0 to 3 of 4x3x3x4 keep 2, expected "
                                    + (promise == MaskPromise.EXACT ? "1 by" : "at most 1 by") + " pattern 1:4");
                    case AT_LEAST, NOTHING ->
                        assertThatCode(trainer::verifyInvariants).doesNotThrowAnyException();
                }
            }
        }
    }

    @Test
    void aMethodThatDropsMoreThanItPromisesIsFoundOut() {
        try (Kernels kernels = KernelProviders.scalar()) {
            MaskingMethod method = new MaskingMethod(PATTERN, 5);
            SparseTrainer trainer = trainer(promising(method, MaskPromise.AT_LEAST), PATTERN, kernels);
            int lost = method.masks.get(2).nextKept(8, 12);
            method.masks.get(2).set(lost, false);
            train(trainer, 1);
            assertThatThrownBy(trainer::verifyInvariants)
                    .isInstanceOf(InvariantException.class)
                    .hasMessageContaining("Weights 8 to 11 of")
                    .hasMessageContaining("keep 1, expected at least 2 by pattern 2:4");
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
        OptimizerSettings sgd = new OptimizerSettings.Sgd(0.9, true, 1e-3, false, 0);
        return new SparseTrainer(
                TestGraphs.init(TestGraphs.residual(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE)),
                kernels,
                pattern,
                method,
                new SparseTrainer.Settings(sgd, new LearningRateSchedule.Constant(0.1), 40, 4));
    }

    /** The method, with another promise. */
    private static TrainingMethod promising(TrainingMethod method, MaskPromise promise) {
        return proxy(TrainingMethod.class, (self, call, arguments) -> call.getName().equals("promise") ? promise : call
                .invoke(method, arguments));
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
