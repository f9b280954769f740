package org.bame.harness.networks;

import org.bame.harness.networks.NetworkNode.AveragePool;
import org.bame.harness.networks.NetworkNode.Convolution;
import org.bame.harness.networks.NetworkNode.Dropout;
import org.bame.harness.networks.NetworkNode.Linear;
import org.bame.harness.networks.NetworkNode.MaxPool;
import org.bame.harness.networks.NetworkNode.Normalisation;
import org.bame.harness.networks.NetworkNode.Shortcut;
import org.bame.harness.networks.NetworkNode.TokenNode;
import org.bame.kernel.ConvolutionShape;
import org.bame.layer.AveragePoolVertex;
import org.bame.layer.BlockEntryVertex;
import org.bame.layer.BlockExitVertex;
import org.bame.layer.DropoutVertex;
import org.bame.layer.KernelConvolution;
import org.bame.layer.KernelLinear;
import org.bame.layer.MaxPoolVertex;
import org.bame.layer.NormalisationVertex;
import org.bame.layer.ShortcutVertex;
import org.bame.layer.SmoothedCrossEntropy;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** Turns a {@link NetworkPlan} into a Deeplearning4j graph of kernel layers, node by node and under the same names. */
final class GraphAssembler {

    private static final String ENTRY = "entry";
    private static final String LOGITS = "logits";
    private static final String LOSS = "loss";

    private GraphAssembler() {}

    static ComputationGraphConfiguration assemble(NetworkPlan plan, NetworkRequest request) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(request.seed())
                .dataType(DataType.FLOAT)
                .updater(request.updater())
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder()
                .addInputs(NetworkPlan.INPUT)
                .setInputTypes(InputType.convolutional(
                        plan.input().height(), plan.input().width(), plan.input().channels()));
        graph.addVertex(ENTRY, new BlockEntryVertex(), NetworkPlan.INPUT);
        plan.nodes().forEach(node -> add(node, graph));
        NetworkNode last = plan.nodes().getLast();
        int positions = last.output().pixels();
        graph.addVertex(LOGITS, new BlockExitVertex(positions), last.name());
        LossLayer loss = new LossLayer.Builder(new SmoothedCrossEntropy(request.labelSmoothing(), positions))
                .activation(Activation.IDENTITY)
                .build();
        return graph.addLayer(LOSS, loss, LOGITS).setOutputs(LOSS).build();
    }

    private static void add(NetworkNode node, GraphBuilder graph) {
        String[] inputs = node.inputs().stream()
                .map(name -> name.equals(NetworkPlan.INPUT) ? ENTRY : name)
                .toArray(String[]::new);
        String name = node.name();
        switch (node) {
            case Convolution c -> graph.addLayer(name, convolution(c), inputs);
            case Normalisation n ->
                graph.addVertex(name, new NormalisationVertex(n.output().channels(), n.activation()), inputs);
            case Shortcut s -> graph.addVertex(name, new ShortcutVertex(s.outputs(), s.stride()), inputs);
            case AveragePool _ -> graph.addVertex(name, new AveragePoolVertex(), inputs);
            case Linear l -> graph.addLayer(name, new KernelLinear(l.kind(), l.outputs()), inputs);
            case TokenNode t -> TokenAssembler.add(t, graph, inputs);
            case MaxPool m ->
                graph.addVertex(
                        name,
                        new MaxPoolVertex(m.shape().window(), m.shape().stride(), m.shape().padding()),
                        inputs);
            case Dropout d -> graph.addVertex(name, new DropoutVertex(d.probability()), inputs);
        }
    }

    private static KernelConvolution convolution(Convolution node) {
        ConvolutionShape shape = node.shape();
        KernelConvolution layer = new KernelConvolution(
                node.kind(), shape.outputs(), shape.kernelHeight(), shape.stride(), shape.padding());
        layer.setGroups(shape.groups());
        return layer;
    }
}
