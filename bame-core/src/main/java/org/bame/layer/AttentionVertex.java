package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.AttentionScope;
import org.bame.kernel.AttentionShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Multi-head softmax attention between the {@code qkv} layer, which gives queries, keys and values in this order, and the
 * output projection; see {@link AttentionShape}.
 */
public final class AttentionVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int heads;
    private boolean causal;

    /** For reading JSON. */
    public AttentionVertex() {}

    /**
     * Attention.
     *
     * @param heads number of heads
     * @param causal whether a token sees only itself and earlier ones
     */
    public AttentionVertex(int heads, boolean causal) {
        this.heads = heads;
        this.causal = causal;
    }

    /** Number of heads. */
    public int getHeads() {
        return heads;
    }

    /** Sets {@link #getHeads}. */
    public void setHeads(int heads) {
        this.heads = heads;
    }

    /** Whether a token sees only itself and earlier ones. */
    public boolean isCausal() {
        return causal;
    }

    /** Sets {@link #isCausal}. */
    public void setCausal(boolean causal) {
        this.causal = causal;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new Attention(graph, name, index, heads, scope(), dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(new AttentionShape(shape(inputs[0], "AttentionVertex"), heads, scope()).output());
    }

    @Override
    public AttentionVertex clone() {
        return new AttentionVertex(heads, causal);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AttentionVertex that && that.heads == heads && that.causal == causal;
    }

    @Override
    public int hashCode() {
        return Objects.hash(heads, causal);
    }

    private AttentionScope scope() {
        return causal ? AttentionScope.CAUSAL : AttentionScope.FULL;
    }
}
