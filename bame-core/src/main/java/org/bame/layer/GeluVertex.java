package org.bame.layer;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** GELU, {@code x} times the normal distribution function of {@code x} (Hendrycks and Gimpel 2016), not approximated. */
public final class GeluVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new Gelu(graph, name, index, dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(shape(inputs[0], "GeluVertex"));
    }

    @Override
    public GeluVertex clone() {
        return new GeluVertex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GeluVertex;
    }

    @Override
    public int hashCode() {
        return GeluVertex.class.getName().hashCode();
    }
}
