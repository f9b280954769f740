package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns token ids into vectors: the embedding of a language model. It reads a {@link BlockEntryVertex} whose features are
 * {@code [batch, tokens]}, whole numbers from 0 to {@code vocabulary - 1}, and writes tokens as pixels (height = tokens,
 * width = 1). Parameter {@code table}, {@code [vocabulary][features]}, normally distributed at the start.
 */
public final class TokenLookupVertex extends ParameterVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int vocabulary;
    private int features;
    private double deviation = 0.02;

    /** For reading JSON. */
    public TokenLookupVertex() {}

    /**
     * An embedding that starts with standard deviation 0.02.
     *
     * @param vocabulary number of different tokens
     * @param features numbers of a token's vector
     */
    public TokenLookupVertex(int vocabulary, int features) {
        this.vocabulary = vocabulary;
        this.features = features;
    }

    /** Number of different tokens. */
    public int getVocabulary() {
        return vocabulary;
    }

    /** Sets {@link #getVocabulary}. */
    public void setVocabulary(int vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Numbers of a token's vector. */
    public int getFeatures() {
        return features;
    }

    /** Sets {@link #getFeatures}. */
    public void setFeatures(int features) {
        this.features = features;
    }

    /** Standard deviation of the initial table. */
    public double getDeviation() {
        return deviation;
    }

    /** Sets {@link #getDeviation}. */
    public void setDeviation(double deviation) {
        this.deviation = deviation;
    }

    @Override
    public long numParams(boolean backprop) {
        return (long) vocabulary * features;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new TokenLookup(this, graph, name, index, params, initialise, effectiveUpdater(graph), dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(output(shape(inputs[0], "TokenLookupVertex")));
    }

    /** Extents of the vectors for those of the ids. */
    FeatureShape output(FeatureShape ids) {
        if (ids.channels() != 1) {
            throw new InvalidInputTypeException("TokenLookupVertex expects one id a token, got " + ids
                    + ": put it behind a BlockEntryVertex with features [batch, tokens]");
        }
        return new FeatureShape(features, ids.height(), ids.width());
    }

    @Override
    public TokenLookupVertex clone() {
        TokenLookupVertex copy = new TokenLookupVertex(vocabulary, features);
        copy.deviation = deviation;
        copy.setUpdater(getUpdater() == null ? null : getUpdater().clone());
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenLookupVertex that
                && that.vocabulary == vocabulary
                && that.features == features
                && that.deviation == deviation
                && Objects.equals(that.getUpdater(), getUpdater());
    }

    @Override
    public int hashCode() {
        return Objects.hash(vocabulary, features, deviation, getUpdater());
    }
}
