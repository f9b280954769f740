package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.EmbeddingShape;
import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The start of a transformer (Dosovitskiy et al. 2021): patches in the order of memory become tokens, behind a class token
 * if wanted, and each gets its learned position added. Parameters {@code token} ({@code channels} numbers; only with a
 * class token) and {@code position} ({@code [token][channel]}), normally distributed with standard deviation 0.02.
 */
public final class TokenEmbeddingVertex extends ParameterVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int channels;
    private int height;
    private int width;
    private boolean classToken = true;

    /** For reading JSON. */
    public TokenEmbeddingVertex() {}

    /**
     * An embedding.
     *
     * @param patches extents of its input
     * @param classToken whether a learned token stands before the patches
     */
    public TokenEmbeddingVertex(FeatureShape patches, boolean classToken) {
        this.channels = patches.channels();
        this.height = patches.height();
        this.width = patches.width();
        this.classToken = classToken;
    }

    /** Channels of its input. */
    public int getChannels() {
        return channels;
    }

    /** Sets {@link #getChannels}. */
    public void setChannels(int channels) {
        this.channels = channels;
    }

    /** Rows of patches. */
    public int getHeight() {
        return height;
    }

    /** Sets {@link #getHeight}. */
    public void setHeight(int height) {
        this.height = height;
    }

    /** Columns of patches. */
    public int getWidth() {
        return width;
    }

    /** Sets {@link #getWidth}. */
    public void setWidth(int width) {
        this.width = width;
    }

    /** Whether a learned token stands before the patches. */
    public boolean isClassToken() {
        return classToken;
    }

    /** Sets {@link #isClassToken}. */
    public void setClassToken(boolean classToken) {
        this.classToken = classToken;
    }

    @Override
    public long numParams(boolean backprop) {
        return embedding().positions() + (classToken ? channels : 0L);
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new TokenEmbedding(embedding(), graph, name, index, params, initialise, effectiveUpdater(graph),
                dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        FeatureShape input = shape(inputs[0], "TokenEmbeddingVertex");
        EmbeddingShape embedding = embedding();
        if (!input.equals(embedding.patches())) {
            throw new InvalidInputTypeException(
                    "TokenEmbeddingVertex for patches of " + embedding.patches() + " got an input of " + input);
        }
        return type(embedding.output());
    }

    @Override
    public TokenEmbeddingVertex clone() {
        TokenEmbeddingVertex copy = new TokenEmbeddingVertex(embedding().patches(), classToken);
        copy.setUpdater(getUpdater() == null ? null : getUpdater().clone());
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenEmbeddingVertex that
                && that.channels == channels
                && that.height == height
                && that.width == width
                && that.classToken == classToken
                && Objects.equals(that.getUpdater(), getUpdater());
    }

    @Override
    public int hashCode() {
        return Objects.hash(channels, height, width, classToken, getUpdater());
    }

    private EmbeddingShape embedding() {
        return new EmbeddingShape(new FeatureShape(channels, height, width), classToken);
    }
}
