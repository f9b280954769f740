package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Takes one token (or pixel, in the order of memory), such as the class token; one pixel is left. */
public final class TokenSelectionVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int token;

    /** Takes the first token. */
    public TokenSelectionVertex() {}

    /**
     * Takes a token.
     *
     * @param token its number, from 0
     */
    public TokenSelectionVertex(int token) {
        this.token = token;
    }

    /** Number of the token, from 0. */
    public int getToken() {
        return token;
    }

    /** Sets {@link #getToken}. */
    public void setToken(int token) {
        this.token = token;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new TokenSelection(graph, name, index, token, dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        FeatureShape input = shape(inputs[0], "TokenSelectionVertex");
        if (token < 0 || token >= input.pixels()) {
            throw new InvalidInputTypeException("TokenSelectionVertex takes token " + token + " of an input of "
                    + input + ", which has " + input.pixels());
        }
        return type(FeatureShape.vector(input.channels()));
    }

    @Override
    public TokenSelectionVertex clone() {
        return new TokenSelectionVertex(token);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenSelectionVertex that && that.token == token;
    }

    @Override
    public int hashCode() {
        return TokenSelectionVertex.class.getName().hashCode() + token;
    }
}
