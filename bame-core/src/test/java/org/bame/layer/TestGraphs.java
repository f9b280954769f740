package org.bame.layer;

import java.util.Random;
import org.bame.kernel.Activation;
import org.bame.sparsity.LayerKind;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Small graphs and data for the tests of this package. */
final class TestGraphs {
    static final int CLASSES = 3;
    static final double SMOOTHING = 0.1;

    private TestGraphs() {}

    /** Starts a graph with features {@code [batch, 4, size, size]}. */
    static ComputationGraphConfiguration.GraphBuilder builder(DataType type, IUpdater updater, int size) {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(updater)
                .graphBuilder()
                .addInputs("images")
                .setInputTypes(InputType.convolutional(size, size, 4))
                .addVertex("entry", new BlockEntryVertex(), "images");
    }

    /** Ends a graph: pooling, classifier, exit, loss. */
    static ComputationGraphConfiguration end(ComputationGraphConfiguration.GraphBuilder builder, String last) {
        return builder.addVertex("pool", new AveragePoolVertex(), last)
                .addLayer("classifier", new KernelLinear(LayerKind.CLASSIFIER, CLASSES), "pool")
                .addVertex("exit", new BlockExitVertex(), "classifier")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(new SmoothedCrossEntropy(SMOOTHING))
                                .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
                                .build(),
                        "exit")
                .setOutputs("loss")
                .build();
    }

    /** A residual network with an identity shortcut, an option-A shortcut and a projection, both with stride 2. */
    static ComputationGraphConfiguration residual(DataType type, IUpdater updater, int size) {
        var graph = builder(type, updater, size)
                .addLayer("stem", new KernelConvolution(LayerKind.STEM, 4, 3, 1, 1), "entry")
                .addVertex("stem-norm", new NormalisationVertex(4, Activation.RELU), "stem");
        block(graph, "one", "stem-norm", 4, 4, 1);
        graph.addVertex("two-shortcut", new ShortcutVertex(8, 2), "one-out");
        branch(graph, "two", "one-out", 8, 2);
        graph.addVertex("two-out", new NormalisationVertex(8, Activation.RELU), "two-b", "two-shortcut");
        graph.addLayer("three-down", new KernelConvolution(LayerKind.DOWNSAMPLE, 8, 1, 2, 0), "two-out");
        // In Deeplearning4j's topological order, which GradientCheckUtil takes for granted when it names parameters.
        graph.addLayer("three-a", new KernelConvolution(LayerKind.CONV3X3, 8, 3, 2, 1), "two-out")
                .addVertex("three-shortcut", new NormalisationVertex(8, Activation.IDENTITY), "three-down")
                .addVertex("three-norm", new NormalisationVertex(8, Activation.RELU), "three-a")
                .addLayer("three-b", new KernelConvolution(LayerKind.CONV3X3, 8, 3, 1, 1), "three-norm");
        graph.addVertex("three-out", new NormalisationVertex(8, Activation.RELU), "three-b", "three-shortcut");
        return end(graph, "three-out");
    }

    private static void block(
            ComputationGraphConfiguration.GraphBuilder graph,
            String name,
            String input,
            int inputs,
            int outputs,
            int stride) {
        branch(graph, name, input, outputs, stride);
        graph.addVertex(name + "-out", new NormalisationVertex(outputs, Activation.RELU), name + "-b", input);
    }

    private static void branch(
            ComputationGraphConfiguration.GraphBuilder graph, String name, String input, int outputs, int stride) {
        graph.addLayer(name + "-a", new KernelConvolution(LayerKind.CONV3X3, outputs, 3, stride, 1), input)
                .addVertex(name + "-norm", new NormalisationVertex(outputs, Activation.RELU), name + "-a")
                .addLayer(name + "-b", new KernelConvolution(LayerKind.CONV3X3, outputs, 3, 1, 1), name + "-norm");
    }

    static ComputationGraph init(ComputationGraphConfiguration configuration) {
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }

    static INDArray features(DataType type, int batch, int size, long seed) {
        Random random = new Random(seed);
        double[] values = random.doubles((long) batch * 4 * size * size, -1, 1).toArray();
        return Nd4j.create(values, new long[]{batch, 4, size, size}, type);
    }

    static INDArray labels(DataType type, int batch, long seed) {
        INDArray labels = Nd4j.zeros(type, batch, CLASSES);
        Random random = new Random(seed);
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, random.nextInt(CLASSES), 1);
        }
        return labels;
    }
}
