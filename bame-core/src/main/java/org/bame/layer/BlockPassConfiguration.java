package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.bame.kernel.Kernels;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Configuration of a vertex that is a {@link BlockPass}: the same in training and inference. */
abstract class BlockPassConfiguration extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    /** Extents of the output for those of the input. */
    abstract FeatureShape output(FeatureShape input);

    /** The pass for a batch layout. */
    abstract BlockPass pass(Kernels kernels, BlockExtents input);

    @Override
    public final GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray params, boolean initialise, DataType dataType) {
        return new BlockPassVertex(this, graph, name, index, dataType);
    }

    @Override
    public final InputType getOutputType(int layerIndex, InputType... inputs) {
        return type(output(shape(inputs[0], getClass().getSimpleName())));
    }
}
