package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Turns blocks of one pixel into an ordinary, independent array {@code [batch, features]} in 'c' order. */
public final class BlockExitVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new BlockExit(graph, name, index, dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        FeatureShape shape = shape(inputs[0], "BlockExitVertex");
        if (shape.pixels() != 1) {
            throw new InvalidInputTypeException("BlockExitVertex expects blocks of one pixel, got " + shape
                    + ": put an AveragePoolVertex before it");
        }
        return InputType.feedForward(shape.channels());
    }

    @Override
    public BlockExitVertex clone() {
        return new BlockExitVertex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockExitVertex;
    }

    @Override
    public int hashCode() {
        return BlockExitVertex.class.getName().hashCode();
    }
}
