package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bame.kernel.Activation;
import org.bame.kernel.ScalarKernels;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.NmPattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Running statistics by PyTorch's conventions, computed here from the images themselves. */
class NormalisationTest {
    private static final int SIZE = 5;
    private static final int BATCH = 18;

    @Test
    void runningStatisticsFollowTheBatchWithUnbiasedVariance() {
        OptimizerSettings sgd = new OptimizerSettings.Sgd(0.9, false, 0.1, true, 0.01);
        var configuration = TestGraphs.builder(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE)
                .addVertex("norm", new NormalisationVertex(4, Activation.RELU), "entry")
                .addLayer("conv", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "norm");
        ComputationGraph graph = TestGraphs.init(TestGraphs.end(configuration, "conv"));
        var settings = new SparseTrainer.Settings(sgd, new LearningRateSchedule.Constant(0.5), 10, 10);
        SparseTrainer trainer = new SparseTrainer(graph, new ScalarKernels(), new NmPattern(2, 4), null, settings);
        INDArray features = TestGraphs.features(DataType.FLOAT, BATCH, SIZE, 3);
        INDArray labels = TestGraphs.labels(DataType.FLOAT, BATCH, 3);
        double[] mean = {0, 0, 0, 0};
        double[] variance = {1, 1, 1, 1};
        for (int step = 0; step < 3; step++) {
            // Neither inference nor a score in training mode moves them.
            trainer.logits(features);
            graph.score(new org.nd4j.linalg.dataset.DataSet(features, labels), true);
            trainer.step(features, labels);
            for (int c = 0; c < 4; c++) {
                double[] values = channel(features, c);
                double sum = java.util.Arrays.stream(values).sum();
                double average = sum / values.length;
                double squares = java.util.Arrays.stream(values)
                        .map(v -> (v - average) * (v - average))
                        .sum();
                mean[c] = 0.9 * mean[c] + 0.1 * average;
                variance[c] = 0.9 * variance[c] + 0.1 * squares / (values.length - 1);
                assertThat(graph.paramTable().get("norm_mean").getDouble(c)).isCloseTo(mean[c], within(1e-6));
                assertThat(graph.paramTable().get("norm_var").getDouble(c)).isCloseTo(variance[c], within(1e-6));
            }
        }
    }

    private static double[] channel(INDArray features, int channel) {
        double[] values = new double[BATCH * SIZE * SIZE];
        int i = 0;
        for (int image = 0; image < BATCH; image++) {
            for (int row = 0; row < SIZE; row++) {
                for (int column = 0; column < SIZE; column++) {
                    values[i++] = features.getDouble(image, channel, row, column);
                }
            }
        }
        return values;
    }
}
