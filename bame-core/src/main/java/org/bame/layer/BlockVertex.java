package org.bame.layer;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the runtime vertices on blocks have in common. */
@SuppressWarnings("overrides") // Deeplearning4j's own mixture of arrays and variable arguments.
abstract class BlockVertex extends BaseGraphVertex implements KernelUser {
    protected transient KernelSession session;

    protected BlockVertex(ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, null, null, dataType);
    }

    @Override
    public void use(KernelSession newSession) {
        session = newSession;
    }

    @Override
    public void setInputs(INDArray... arrays) {
        super.setInputs(arrays);
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public Layer getLayer() {
        return null;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray gradients) {
        if (gradients != null) {
            throw new IllegalArgumentException("Vertex '" + vertexName + "' has no parameters, got a gradient array");
        }
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        if (masks != null && masks.length > 0 && masks[0] != null) {
            throw new UnsupportedOperationException("Vertex '" + vertexName
                    + "' takes no mask arrays: every image counts");
        }
        return null;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + vertexName + ")";
    }

    // Identity: the superclass would compare whole graphs.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Input {@code index} as blocks. */
    protected BlockArray input(int index) {
        return BlockArray.of(inputs[index], vertexName);
    }

    /** The gradient with respect to the output, as blocks. */
    protected BlockArray outputGradient() {
        return BlockArray.of(epsilon, vertexName);
    }

    /** Whether input {@code index} comes from parameters, so that its gradient is needed. */
    protected boolean needsGradient(int index) {
        return !(graph.getVertices()[inputVertices[index].getVertexIndex()] instanceof BlockEntry);
    }

    /** Adds the time since {@code startNanos} to the clock of element-wise work, in training. */
    protected void clock(boolean training, long startNanos) {
        if (training) {
            session.clocks().add(Clock.ELEMENT_WISE, System.nanoTime() - startNanos);
        }
    }
}
