package org.bame.peer.nd4j;

import java.util.Arrays;
import java.util.Optional;
import org.bame.harness.networks.NetworkNode;
import org.bame.harness.networks.NetworkNode.AveragePool;
import org.bame.harness.networks.NetworkNode.Convolution;
import org.bame.harness.networks.NetworkNode.Dropout;
import org.bame.harness.networks.NetworkNode.Linear;
import org.bame.harness.networks.NetworkNode.MaxPool;
import org.bame.harness.networks.NetworkNode.Normalisation;
import org.bame.harness.networks.NetworkNode.Shortcut;
import org.bame.harness.networks.NetworkNode.TokenNode;
import org.bame.harness.networks.NetworkPlan;
import org.bame.harness.peer.PeerRequest;
import org.bame.kernel.ConvolutionShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A plan as a graph of Deeplearning4j's own layers, each node's last layer under the node's name. A parameter-free shortcut, for
 * which there is no layer, is a subsampling and a merging with channels times 0.
 */
final class StockNetwork {

    private static final double EPSILON = 1e-5;
    private static final double DECAY = 0.9;

    private final NetworkPlan plan;

    StockNetwork(NetworkPlan plan) {
        this.plan = plan;
    }

    ComputationGraphConfiguration configure(PeerRequest.Train request) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .updater(new Nesterovs(request.learningRate(), request.momentum()))
                .l2(request.weightDecay())
                .graphBuilder()
                // Without types of inputs: SubsetVertex would infer a negative number of channels from them.
                .addInputs(NetworkPlan.INPUT);
        plan.nodes().forEach(node -> add(node, graph));
        return graph.setOutputs(plan.nodes().getLast().name()).build();
    }

    private void add(NetworkNode node, GraphBuilder graph) {
        switch (node) {
            case Convolution c -> graph.addLayer(c.name(), convolution(c), c.from());
            case Normalisation n -> add(n, graph);
            case Shortcut s -> add(s, graph);
            case MaxPool m ->
                graph.addLayer(
                        m.name(), pooling(m.shape().window(), m.shape().stride(), m.shape().padding()), m.from());
            case AveragePool a ->
                graph.addLayer(a.name(), new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), a.from());
            case Linear l when l == plan.nodes().getLast() ->
                graph.addLayer(
                        l.name(),
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(l.features())
                                .nOut(l.outputs())
                                .build(),
                        l.from());
            case Linear l ->
                throw new UnsupportedOperationException("Got the linear layer '" + l.name()
                        + "' amid a network, expected it to be the classifier");
            case Dropout _ -> throw unwritten(node);
            case TokenNode _ -> throw unwritten(node);
        }
    }

    private static IllegalArgumentException unwritten(NetworkNode node) {
        return new IllegalArgumentException("Got the node " + node + ", expected one that PlanText writes");
    }

    private static ConvolutionLayer convolution(Convolution node) {
        ConvolutionShape shape = node.shape();
        if (shape.groups() > 1 && !shape.depthwise()) {
            throw new UnsupportedOperationException("Got the convolution '" + node.name() + "' of " + shape.groups()
                    + " groups, expected one group or a group a channel");
        }
        ConvolutionLayer.BaseConvBuilder<?> layer = shape.depthwise()
                ? new DepthwiseConvolution2D.Builder().depthMultiplier(shape.outputs() / shape.groups())
                : new ConvolutionLayer.Builder();
        return layer.kernelSize(shape.kernelHeight(), shape.kernelWidth())
                .stride(shape.stride(), shape.stride())
                .padding(shape.padding(), shape.padding())
                .nIn(shape.input().channels())
                .nOut(shape.outputs())
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static void add(Normalisation node, GraphBuilder graph) {
        BatchNormalization normalisation = new BatchNormalization.Builder()
                .nIn(node.output().channels())
                .nOut(node.output().channels())
                .eps(EPSILON)
                .decay(DECAY)
                .build();
        Optional<Activation> activation = activation(node);
        String at = normalisation(node);
        graph.addLayer(at, normalisation, node.from());
        if (node.residual().isPresent()) {
            String sum = activation.isPresent() ? node.name() + ".sum" : node.name();
            graph.addVertex(
                    sum, new ElementWiseVertex(ElementWiseVertex.Op.Add), at, node.residual().get());
            at = sum;
        }
        if (activation.isPresent()) {
            graph.addLayer(node.name(), new ActivationLayer(activation.get()), at);
        }
    }

    private static Optional<Activation> activation(Normalisation node) {
        return switch (node.activation()) {
            case IDENTITY -> Optional.empty();
            case RELU -> Optional.of(Activation.RELU);
            case RELU6 -> Optional.of(Activation.RELU6);
            case HARD_SWISH -> throw new UnsupportedOperationException("Got a hard swish in '" + node.name()
                    + "', expected an activation that Deeplearning4j has");
        };
    }

    /** The name of the layer that normalises: the node's own if nothing follows. */
    private static String normalisation(Normalisation node) {
        return node.residual().isPresent() || activation(node).isPresent()
                ? node.name() + ".normalised"
                : node.name();
    }

    private static void add(Shortcut node, GraphBuilder graph) {
        int before = (node.outputs() - node.input().channels()) / 2;
        int behind = node.outputs() - node.input().channels() - before;
        if (behind > node.input().channels()) {
            throw new UnsupportedOperationException("Got the shortcut '" + node.name() + "' from "
                    + node.input().channels() + " to " + node.outputs()
                    + " channels, expected at most three times as many");
        }
        String sampled = node.name() + ".sampled";
        graph.addLayer(sampled, pooling(1, node.stride(), 0), node.from());
        graph.addVertex(node.name(), new MergeVertex(), zeros(node, "before", before, sampled, graph), sampled,
                zeros(node, "behind", behind, sampled, graph));
    }

    private static String zeros(Shortcut node, String where, int channels, String like, GraphBuilder graph) {
        String some = node.name() + "." + where + ".some";
        String zeros = node.name() + "." + where;
        graph.addVertex(some, new SubsetVertex(0, channels - 1), like);
        graph.addVertex(zeros, new ScaleVertex(0), some);
        return zeros;
    }

    private static SubsamplingLayer pooling(int window, int stride, int padding) {
        return new SubsamplingLayer.Builder(
                PoolingType.MAX,
                new int[]{window, window},
                new int[]{stride, stride},
                new int[]{padding, padding}).build();
    }

    /**
     * Gives a graph its initial parameters.
     *
     * @param parameters in the order of {@link org.bame.harness.peer.PeerFiles#PARAMETERS}
     * @return number of trained parameters of the graph, by its own account
     */
    long setParameters(ComputationGraph graph, float[] parameters) {
        Parameters given = new Parameters(parameters);
        long statistics = 0;
        for (NetworkNode node : plan.nodes()) {
            switch (node) {
                case Convolution c when c.shape().depthwise() -> {
                    ConvolutionShape shape = c.shape();
                    long[] extents = {shape.groups(), shape.outputs() / shape.groups(), shape.kernelHeight(),
                        shape.kernelWidth()};
                    // To [row][column][input][multiple].
                    graph.getLayer(c.name()).getParam("W").assign(given.take(extents).permute(2, 3, 0, 1));
                }
                case Convolution c -> given.next(graph, c.name(), "W");
                case Normalisation n -> {
                    String name = normalisation(n);
                    given.next(graph, name, "gamma");
                    given.next(graph, name, "beta");
                    statistics += 2L * n.output().channels();
                }
                case Linear l -> {
                    INDArray rows = given.take(new long[]{l.outputs(), l.features()});
                    graph.getLayer(l.name()).getParam("W").assign(rows.transpose());
                    given.next(graph, l.name(), "b");
                }
                case Shortcut _ -> {
                }
                case MaxPool _ -> {
                }
                case AveragePool _ -> {
                }
                case Dropout _ -> throw unwritten(node);
                case TokenNode _ -> throw unwritten(node);
            }
        }
        return graph.numParams() - statistics;
    }

    /** Numbers taken one tensor after the other. */
    private static final class Parameters {

        private final float[] numbers;
        private int position;

        Parameters(float[] numbers) {
            this.numbers = numbers;
        }

        void next(ComputationGraph graph, String layer, String name) {
            INDArray parameter = graph.getLayer(layer).getParam(name);
            parameter.assign(take(parameter.shape()));
        }

        INDArray take(long[] shape) {
            int count = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
            INDArray taken = Nd4j.create(Arrays.copyOfRange(numbers, position, position + count), shape, 'c');
            position += count;
            return taken;
        }
    }
}
