package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInput;
import java.io.DataOutput;
import java.nio.file.Path;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.LayerwiseMethod;
import org.bame.method.OutputGradientSample;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.NmPattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weight gradients from a 2:4 sample of dY, through the layers. */
class OutputGradientSampleTest {
    private static final int SIZE = 8;
    private static final NmPattern PATTERN = new NmPattern(2, 4);

    /** Dense, with sampled weight gradients at the steps before the last one that samples. */
    private record Sampling(int index, long seed, long endStep) implements LayerMethod {
        @Override
        public ProductPlan plan(Step step) {
            return step.index() < endStep
                    ? ProductPlan.DENSE.with(new OutputGradientSample(seed, index))
                    : ProductPlan.DENSE;
        }

        @Override
        public LayerStatistics drainStatistics() {
            return new LayerStatistics("layer " + index, 1, 0, 0, 0, 1);
        }

        @Override
        public void save(DataOutput out) {}

        @Override
        public void restore(DataInput in) {}
    }

    private static SparseTrainer trainer(Kernels kernels, long seed, long endStep) {
        OptimizerSettings sgd = new OptimizerSettings.Sgd(0.9, false, 0, false, 0);
        ComputationGraph graph =
                TestGraphs.init(TestGraphs.residual(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE));
        var method = new LayerwiseMethod<>(
                "sampling", "seed " + seed, (index, layer) -> new Sampling(index, seed, endStep));
        var schedule = new LearningRateSchedule.Constant(0.1);
        return new SparseTrainer(graph, kernels, PATTERN, method, new SparseTrainer.Settings(sgd, schedule, 40, 4));
    }

    private static void run(SparseTrainer trainer, int from, int to) {
        for (int i = from; i < to; i++) {
            int batch = i % 4 == 3 ? 7 : 33;
            trainer.step(TestGraphs.features(DataType.FLOAT, batch, SIZE, i),
                    TestGraphs.labels(DataType.FLOAT, batch, i));
        }
    }

    /** Parameters after one step from the same start: minus the rate, they are the gradients. */
    private static INDArray afterOneStep(Kernels kernels, long seed, long endStep) {
        try (SparseTrainer trainer = trainer(kernels, seed, endStep)) {
            run(trainer, 0, 1);
            return trainer.graph().params().dup();
        }
    }

    private static INDArray weights(INDArray parameters, String layer) {
        OptimizerSettings sgd = new OptimizerSettings.Sgd(0.9, false, 0, false, 0);
        ComputationGraph graph =
                TestGraphs.init(TestGraphs.residual(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE));
        graph.setParams(parameters);
        return graph.getLayer(layer).getParam(ProductParameters.WEIGHTS).dup();
    }

    /** The stem is no sparse layer: its gradient came through the input gradients of all others. */
    @Test
    void onlyWeightGradientsAreSampled() {
        try (Kernels kernels = KernelProviders.simd(2)) {
            INDArray exact = afterOneStep(kernels, 1, 0);
            INDArray sampled = afterOneStep(kernels, 1, 1);
            assertThat(weights(sampled, "stem")).isEqualTo(weights(exact, "stem"));
            for (String layer : new String[]{"one-a", "one-b", "two-a", "three-a", "three-b"}) {
                assertThat(weights(sampled, layer)).isNotEqualTo(weights(exact, layer));
            }
        }
    }

    @Test
    void meanOverManySeedsIsTheExactGradient() {
        int seeds = 150;
        try (Kernels kernels = KernelProviders.simd(1)) {
            INDArray exact = weights(afterOneStep(kernels, 1, 0), "three-b");
            INDArray sum = exact.mul(0);
            INDArray squares = exact.mul(0);
            for (int seed = 0; seed < seeds; seed++) {
                INDArray error = weights(afterOneStep(kernels, seed, 1), "three-b").sub(exact);
                sum.addi(error);
                squares.addi(error.mul(error));
            }
            double chiSquare = 0;
            for (long i = 0; i < sum.length(); i++) {
                chiSquare += sum.getDouble(i) * sum.getDouble(i) / squares.getDouble(i);
            }
            // Each term is a squared standard normal variable, nearly; 576 correlated ones.
            assertThat(chiSquare / sum.length()).isBetween(0.5, 1.5);
        }
    }

    @Test
    void drawsDependOnNoThreads() {
        try (Kernels one = KernelProviders.simd(1);
                Kernels three = KernelProviders.simd(3)) {
            SparseTrainer first = trainer(one, 5, 100);
            SparseTrainer second = trainer(three, 5, 100);
            run(first, 0, 6);
            run(second, 0, 6);
            assertThat(LayerSerialisationTest.bits(second.graph().params()))
                    .isEqualTo(LayerSerialisationTest.bits(first.graph().params()));
        }
    }

    @Test
    void simdAgreesWithTheTwin() {
        try (Kernels simd = KernelProviders.simd(2);
                Kernels scalar = KernelProviders.scalar()) {
            INDArray expected = afterOneStep(scalar, 3, 1);
            assertThat(afterOneStep(simd, 3, 1).sub(expected).amaxNumber().doubleValue())
                    .isLessThan(2e-4 * expected.amaxNumber().doubleValue());
        }
    }

    @Test
    void resumedRunEndsBitIdentical(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("checkpoint.zip");
        try (Kernels kernels = KernelProviders.simd(2)) {
            SparseTrainer whole = trainer(kernels, 5, 100);
            run(whole, 0, 3);
            whole.save(file);
            run(whole, 3, 6);
            SparseTrainer resumed = trainer(kernels, 5, 100);
            resumed.restore(file);
            run(resumed, 3, 6);
            assertThat(LayerSerialisationTest.bits(resumed.graph().params()))
                    .isEqualTo(LayerSerialisationTest.bits(whole.graph().params()));
        }
    }

    /** Also when the run has stopped sampling since, until the meters are reset. */
    @Test
    void sampledProductsAreReportedAsSimulated() {
        try (Kernels kernels = KernelProviders.simd(2)) {
            SparseTrainer trainer = trainer(kernels, 5, 2);
            run(trainer, 0, 1);
            assertThat(trainer.clocks().nanos(Clock.MASK_WORK)).isPositive();
            run(trainer, 1, 3);
            assertThat(trainer.layers()).allSatisfy(layer -> {
                assertThat(layer.forward().executed()).isTrue();
                assertThat(layer.inputGradient().executed()).isTrue();
                assertThat(layer.weightGradient().executed()).isEqualTo(!layer.sparse());
                assertThat(layer.weightGradient().density()).isEqualTo(1);
            });
            trainer.resetMeters();
            run(trainer, 3, 4);
            assertThat(trainer.layers()).allSatisfy(
                    layer -> assertThat(layer.weightGradient().executed()).isTrue());
        }
    }
}
