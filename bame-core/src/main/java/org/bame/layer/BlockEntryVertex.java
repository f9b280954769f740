package org.bame.layer;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns features {@code [batch, channels, height, width]} ('c' order costs no extra copy) into the blocks that kernel
 * layers read. It starts every forward pass, so a graph has exactly one; layers that read it compute no input gradient.
 */
public final class BlockEntryVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new BlockEntry(graph, name, index, dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(shape(inputs[0], "BlockEntryVertex"));
    }

    @Override
    public BlockEntryVertex clone() {
        return new BlockEntryVertex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockEntryVertex;
    }

    @Override
    public int hashCode() {
        return BlockEntryVertex.class.getName().hashCode();
    }
}
