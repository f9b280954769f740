package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Global average pooling: the mean over the pixels of each channel; one pixel is left. */
public final class AveragePoolVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new AveragePool(graph, name, index, dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(FeatureShape.vector(shape(inputs[0], "AveragePoolVertex").channels()));
    }

    @Override
    public AveragePoolVertex clone() {
        return new AveragePoolVertex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AveragePoolVertex;
    }

    @Override
    public int hashCode() {
        return AveragePoolVertex.class.getName().hashCode();
    }
}
