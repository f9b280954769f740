package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.ShortcutShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameter-free shortcut of CIFAR residual networks (option A): every {@code stride}-th pixel, and zero channels
 * in equal numbers before and after those of the input.
 */
public final class ShortcutVertex extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private int outputs;
    private int stride = 1;

    /** For reading JSON. */
    public ShortcutVertex() {}

    /**
     * A shortcut.
     *
     * @param outputs output channels: the input's and an even number more
     * @param stride step in both directions
     */
    public ShortcutVertex(int outputs, int stride) {
        this.outputs = outputs;
        this.stride = stride;
    }

    /** Output channels. */
    public int getOutputs() {
        return outputs;
    }

    /** Sets {@link #getOutputs}. */
    public void setOutputs(int outputs) {
        this.outputs = outputs;
    }

    /** Step in both directions. */
    public int getStride() {
        return stride;
    }

    /** Sets {@link #getStride}. */
    public void setStride(int stride) {
        this.stride = stride;
    }

    @Override
    public GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new Shortcut(graph, name, index, outputs, stride, dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(new ShortcutShape(shape(inputs[0], "ShortcutVertex"), outputs, stride).output());
    }

    @Override
    public ShortcutVertex clone() {
        return new ShortcutVertex(outputs, stride);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ShortcutVertex that && that.outputs == outputs && that.stride == stride;
    }

    @Override
    public int hashCode() {
        return Objects.hash(outputs, stride);
    }
}
