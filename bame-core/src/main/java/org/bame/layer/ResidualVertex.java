package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The residual connection of transformers: the sum of two inputs of one extent. Convolutional networks have it in
 * {@link NormalisationVertex}.
 */
public final class ResidualVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new Residual(graph, name, index, dataType);
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        FeatureShape first = shape(inputs[0], "ResidualVertex");
        FeatureShape second = shape(inputs[1], "ResidualVertex");
        if (!first.equals(second)) {
            throw new InvalidInputTypeException(
                    "ResidualVertex adds inputs of one shape, got " + first + " and " + second);
        }
        return type(first);
    }

    @Override
    public ResidualVertex clone() {
        return new ResidualVertex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResidualVertex;
    }

    @Override
    public int hashCode() {
        return ResidualVertex.class.getName().hashCode();
    }
}
