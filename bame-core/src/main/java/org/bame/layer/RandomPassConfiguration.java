package org.bame.layer;

import org.bame.kernel.Kernels;
import org.bame.kernel.Storage;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a vertex that drops some of its input at random in training, scales the rest by
 * {@code 1 / (1 - probability)}, and passes its input on in inference. What it drops depends on the configuration's seed,
 * the vertex's name and the graph's iteration count, which every model file holds: so a resumed run goes on as it would
 * have.
 */
public abstract sealed class RandomPassConfiguration extends BlockVertexConfiguration
        permits DropoutVertex, DropPathVertex {
    private static final long serialVersionUID = 1L;

    private double probability;

    RandomPassConfiguration(double probability) {
        setProbability(probability);
    }

    /** Probability of dropping. */
    public final double getProbability() {
        return probability;
    }

    /**
     * Sets {@link #getProbability}.
     *
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public final void setProbability(double probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("Probability of dropping is " + probability + ", expected [0, 1)");
        }
        this.probability = probability;
    }

    /** Drops: forward from x to y, backward from dy to dx with the same key. */
    abstract void drop(Kernels kernels, BlockExtents extents, long key, Storage from, Storage to);

    @Override
    public final GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new RandomPassVertex(this, graph, name, index, dataType);
    }

    @Override
    public final InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(shape(inputs[0], getClass().getSimpleName()));
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof RandomPassConfiguration that
                && that.getClass() == getClass()
                && that.probability == probability;
    }

    @Override
    public final int hashCode() {
        return 31 * getClass().getName().hashCode() + Double.hashCode(probability);
    }
}
