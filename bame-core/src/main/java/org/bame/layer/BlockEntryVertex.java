package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns features {@code [batch, channels, height, width]}, or token ids {@code [batch, tokens]}, ('c' order costs no extra
 * copy) into the blocks that kernel layers read; ids become one channel, with tokens as rows. It starts every forward pass, so a graph has exactly one; layers that read it compute no input gradient.
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
        return inputs[0] instanceof InputType.InputTypeFeedForward tokens
                ? type(tokens((int) tokens.getSize()))
                : type(shape(inputs[0], "BlockEntryVertex"));
    }

    /** Extents of token ids. */
    static FeatureShape tokens(int count) {
        return new FeatureShape(1, count, 1);
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
