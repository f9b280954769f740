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
 * Multi-head softmax attention within windows, perhaps shifted, with a learned bias of relative positions (Liu et al. 2021,
 * Swin); else as {@link AttentionVertex}. Parameter {@code bias}, {@code [relative row][relative column][head]} from
 * {@code 1 - window} to {@code window - 1}, see {@link AttentionScope.Windows}, normally distributed at the start with standard
 * deviation 0.02.
 */
public final class WindowAttentionVertex extends ParameterVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int heads;
    private int window;
    private int shift;

    /** For reading JSON. */
    public WindowAttentionVertex() {}

    /**
     * Attention.
     *
     * @param heads number of heads
     * @param window rows and columns of a window
     * @param shift rows and columns by which windows are shifted: 0, or less than {@code window}
     */
    public WindowAttentionVertex(int heads, int window, int shift) {
        this.heads = heads;
        this.window = window;
        this.shift = shift;
    }

    /** Number of heads. */
    public int getHeads() {
        return heads;
    }

    /** Sets {@link #getHeads}. */
    public void setHeads(int heads) {
        this.heads = heads;
    }

    /** Rows and columns of a window. */
    public int getWindow() {
        return window;
    }

    /** Sets {@link #getWindow}. */
    public void setWindow(int window) {
        this.window = window;
    }

    /** Rows and columns by which windows are shifted. */
    public int getShift() {
        return shift;
    }

    /** Sets {@link #getShift}. */
    public void setShift(int shift) {
        this.shift = shift;
    }

    @Override
    public long numParams(boolean backprop) {
        return (long) scope().biasesPerHead() * heads;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new WindowAttention(this, graph, name, index, params, initialise, effectiveUpdater(graph), dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(new AttentionShape(shape(inputs[0], "WindowAttentionVertex"), heads, scope()).output());
    }

    @Override
    public WindowAttentionVertex clone() {
        WindowAttentionVertex copy = new WindowAttentionVertex(heads, window, shift);
        copy.setUpdater(getUpdater() == null ? null : getUpdater().clone());
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WindowAttentionVertex that
                && that.heads == heads
                && that.window == window
                && that.shift == shift
                && Objects.equals(that.getUpdater(), getUpdater());
    }

    @Override
    public int hashCode() {
        return Objects.hash(heads, window, shift, getUpdater());
    }

    AttentionScope scope() {
        return new AttentionScope.Windows(window, shift);
    }
}
