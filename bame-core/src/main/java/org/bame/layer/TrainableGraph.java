package org.bame.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@link SparseTrainer} requires of a graph's configuration. */
final class TrainableGraph {
    private TrainableGraph() {}

    /**
     * Requires that the configuration does not regularize parameters.
     *
     * @throws IllegalArgumentException if it does
     */
    static void requireNoRegularization(ComputationGraph graph) {
        for (GraphVertex vertex : graph.getVertices()) {
            TrainingConfig config = vertex.numParams() == 0 ? null : vertex.getConfig();
            if (config == null) {
                continue;
            }
            for (Map.Entry<String, INDArray> parameter : vertex.paramTable(false).entrySet()) {
                var regularization = config.getRegularizationByParam(parameter.getKey());
                if (regularization != null && !regularization.isEmpty()) {
                    throw new IllegalArgumentException("Parameter '" + vertex.getVertexName() + "_"
                            + parameter.getKey() + "' has regularization " + regularization
                            + " in the graph's configuration: remove it, OptimizerSettings say what decays");
                }
            }
        }
    }

    /**
     * Name of the vertex whose result are the logits.
     *
     * @throws IllegalArgumentException if there is none
     */
    static String logitsVertex(ComputationGraph graph) {
        List<String> outputs = graph.getConfiguration().getNetworkOutputs();
        if (outputs.size() != 1) {
            throw new IllegalArgumentException("Expected a graph with one output, a LossLayer, got " + outputs);
        }
        List<String> inputs = graph.getConfiguration().getVertexInputs().get(outputs.getFirst());
        if (!(graph.getVertex(inputs.getFirst()) instanceof BlockExit)) {
            throw new IllegalArgumentException("The output '" + outputs.getFirst() + "' reads "
                    + Arrays.toString(inputs.toArray()) + ", expected a BlockExitVertex with the logits");
        }
        return inputs.getFirst();
    }
}
