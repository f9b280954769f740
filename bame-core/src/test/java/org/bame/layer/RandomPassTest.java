package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.NmPattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;

/** Dropout and drop-path in training runs: other masks every step, the same ones after a restart, none in inference. */
class RandomPassTest {
    private static final int SIZE = 6;
    private static final int BATCH = 33;

    private static SparseTrainer trainer(Kernels kernels, RandomPassConfiguration vertex) {
        OptimizerSettings sgd = OptimizerSettings.Sgd.of(0.9, 0);
        var builder = TestGraphs.builder(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE)
                .addLayer("conv", new KernelConvolution(LayerKind.CONV3X3, 8, 3, 1, 1), "entry")
                .addVertex("random", vertex, "conv");
        ComputationGraph graph = TestGraphs.init(TestGraphs.end(builder, "random"));
        return new SparseTrainer(
                graph,
                kernels,
                new NmPattern(2, 4),
                null,
                new SparseTrainer.Settings(sgd, new LearningRateSchedule.Cosine(0.1, 0, 0, 20, 1), 20, 4));
    }

    private static int[] parameters(SparseTrainer trainer) {
        return LayerSerialisationTest.bits(trainer.graph().params());
    }

    private static void run(SparseTrainer trainer, int from, int to) {
        for (int i = from; i < to; i++) {
            int batch = i % 4 == 3 ? 7 : BATCH;
            trainer.step(
                    TestGraphs.features(DataType.FLOAT, batch, SIZE, i), TestGraphs.labels(DataType.FLOAT, batch, i));
        }
    }

    @Test
    void resumedRunEndsBitIdenticalOnAnyNumberOfThreads(@TempDir Path folder) throws Exception {
        for (RandomPassConfiguration vertex : new RandomPassConfiguration[]{
            new DropoutVertex(0.5), new DropPathVertex(0.5)}) {
            int[] expected;
            Path file = folder.resolve(vertex.getClass().getSimpleName());
            try (Kernels kernels = KernelProviders.simd(1)) {
                SparseTrainer whole = trainer(kernels, vertex);
                run(whole, 0, 5);
                whole.save(file);
                // Evaluation draws nothing.
                whole.logits(TestGraphs.features(DataType.FLOAT, BATCH, SIZE, 1));
                run(whole, 5, 9);
                expected = parameters(whole);
            }
            try (Kernels kernels = KernelProviders.simd(3)) {
                SparseTrainer resumed = trainer(kernels, vertex);
                resumed.restore(file);
                run(resumed, 5, 9);
                assertThat(parameters(resumed)).isEqualTo(expected);
                SparseTrainer without = trainer(kernels, new DropoutVertex(0));
                run(without, 0, 9);
                assertThat(parameters(without)).isNotEqualTo(expected);
            }
        }
    }

    /** The seed of the numbers. */
    @Test
    void theSeedSurvivesJson() {
        var configuration = TestGraphs.residual(DataType.FLOAT, new NoOp(), SIZE);
        assertThat(configuration.getDefaultConfiguration().getSeed()).isEqualTo(7);
        var read = ComputationGraphConfiguration.fromJson(configuration.toJson());
        assertThat(read.getDefaultConfiguration().getSeed()).isEqualTo(7);
    }

    @Test
    void everyStepDropsOthers() {
        try (Kernels kernels = KernelProviders.simd(2)) {
            SparseTrainer trainer = trainer(kernels, new DropoutVertex(0.5));
            INDArray features = TestGraphs.features(DataType.FLOAT, BATCH, SIZE, 1);
            ComputationGraph graph = trainer.graph();
            INDArray first = graph.feedForward(features, true).get("random").dup();
            INDArray again = graph.feedForward(features, true).get("random").dup();
            assertThat(again).isEqualTo(first);
            graph.getConfiguration().setIterationCount(1);
            assertThat(graph.feedForward(features, true).get("random").dup()).isNotEqualTo(first);
        }
    }

    @Test
    void inferencePassesItsInputOn() {
        try (Kernels kernels = KernelProviders.simd(2)) {
            INDArray features = TestGraphs.features(DataType.FLOAT, BATCH, SIZE, 1);
            INDArray dropped = trainer(kernels, new DropoutVertex(0.9)).logits(features);
            assertThat(trainer(kernels, new DropPathVertex(0)).logits(features)).isEqualTo(dropped);
        }
    }

    @Test
    void probabilitiesAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DropoutVertex(1)).withMessageContaining("[0, 1)");
        assertThat(new DropoutVertex(0.1)).isNotEqualTo(new DropPathVertex(0.1)).isNotEqualTo(new DropoutVertex(0.2));
    }
}
