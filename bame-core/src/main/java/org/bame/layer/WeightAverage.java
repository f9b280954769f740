package org.bame.layer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.Storage;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The exponential moving average of a graph's parameters, {@code average = decay * average + (1 - decay) * parameters}
 * after each step, which begins as the parameters are. Running statistics are averaged like weights, as timm's
 * {@code ModelEma} does, which averages the buffers of a model too.
 */
final class WeightAverage {
    /** Numbers in a form that the compiler turns into vectors. */
    private static final ValueLayout.OfFloat NUMBER = ValueLayout.JAVA_FLOAT;

    private final double decay;
    private final INDArray array;
    private final Storage average;
    private final Storage parameters;

    /**
     * An average.
     *
     * @param decay above 0 and below 1
     */
    WeightAverage(ComputationGraph graph, double decay) {
        this.decay = decay;
        this.array = graph.params().dup();
        this.average = ArrayMemory.storage(array);
        this.parameters = ArrayMemory.storage(graph.params());
    }

    /** The average, to be saved and restored. */
    INDArray array() {
        return array;
    }

    /** Takes in the parameters as they are. */
    void update() {
        MemorySegment a = average.segment();
        MemorySegment w = parameters.segment();
        long count = average.size();
        float keep = (float) decay;
        float take = (float) (1 - decay);
        for (long i = 0; i < count; i++) {
            a.setAtIndex(NUMBER, i, a.getAtIndex(NUMBER, i) * keep + w.getAtIndex(NUMBER, i) * take);
        }
    }

    /** Lets the average and the parameters change places; twice, and all is as it was. */
    void exchange() {
        MemorySegment a = average.segment();
        MemorySegment w = parameters.segment();
        long count = average.size();
        for (long i = 0; i < count; i++) {
            float former = w.getAtIndex(NUMBER, i);
            w.setAtIndex(NUMBER, i, a.getAtIndex(NUMBER, i));
            a.setAtIndex(NUMBER, i, former);
        }
    }

    /** While they have changed places: the parameters {@code [from, from + count)} that the average stands in for. */
    Storage replaced(long from, long count) {
        return average.slice(from, count);
    }
}
