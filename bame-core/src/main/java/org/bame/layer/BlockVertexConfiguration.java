package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;

/** What the configurations of vertices on blocks have in common: one input, no parameters. */
abstract class BlockVertexConfiguration extends GraphVertex {
    private static final long serialVersionUID = 1L;

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return 1;
    }

    @Override
    public int maxVertexInputs() {
        return 1;
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputTypes) {
        InputType output = getOutputType(-1, inputTypes);
        return new LayerMemoryReport.Builder(null, getClass(), inputTypes[0], output)
                .standardMemory(numParams(false), 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(0, 0)
                .build();
    }

    @Override
    public abstract BlockVertexConfiguration clone();

    @Override
    public String toString() {
        return getClass().getSimpleName();
    }

    /** Extents of images or blocks as the graph builder hands them around: types of convolutional layers. */
    static FeatureShape shape(InputType type, String reader) {
        if (type instanceof InputType.InputTypeConvolutional images) {
            return new FeatureShape((int) images.getChannels(), (int) images.getHeight(), (int) images.getWidth());
        }
        throw new InvalidInputTypeException(reader + " expects images [batch, channels, height, width] or blocks, got "
                + type + ": call setInputTypes(InputType.convolutional(height, width, channels)) on the graph builder,"
                + " and put no ordinary layer between BlockEntryVertex and BlockExitVertex");
    }

    static InputType type(FeatureShape shape) {
        return InputType.convolutional(shape.height(), shape.width(), shape.channels());
    }
}
