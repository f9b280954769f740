package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns blocks into an ordinary, independent array in 'c' order: {@code [batch, features]} of blocks of one pixel, or of
 * several, as a language model has them that predicts at every token, {@code [batch, channels * positions]} with the
 * positions of a channel side by side.
 */
public final class BlockExitVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int positions = 1;

    /** Of blocks of one pixel; for reading JSON. */
    public BlockExitVertex() {}

    /**
     * Of blocks of several pixels.
     *
     * @param positions their pixels, at least 1: any other number is refused, so that no pooling is forgotten
     */
    public BlockExitVertex(int positions) {
        this.positions = positions;
    }

    /** Pixels of its input. */
    public int getPositions() {
        return positions;
    }

    /** Sets {@link #getPositions}. */
    public void setPositions(int positions) {
        this.positions = positions;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new BlockExit(graph, name, index, positions, dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        FeatureShape shape = shape(inputs[0], "BlockExitVertex");
        if (shape.pixels() != positions) {
            throw new InvalidInputTypeException(mismatch("BlockExitVertex", positions, shape));
        }
        return InputType.feedForward(shape.elementsPerImage());
    }

    /** Says that an exit got other blocks than it was made for. */
    static String mismatch(String exit, int positions, FeatureShape shape) {
        return exit + " expects blocks of " + (positions == 1 ? "one pixel" : positions + " pixels") + ", got " + shape
                + ": put an AveragePoolVertex before it, or make it a BlockExitVertex(" + shape.pixels()
                + ") if every pixel is a prediction";
    }

    @Override
    public BlockExitVertex clone() {
        return new BlockExitVertex(positions);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockExitVertex that && that.positions == positions;
    }

    @Override
    public int hashCode() {
        return 31 * BlockExitVertex.class.getName().hashCode() + positions;
    }
}
