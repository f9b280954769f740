package org.bame.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bame.kernel.Storage;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * What the runtime vertices with parameters have in common. Every parameter is a flat array: by
 * {@link OptimizerSettings} such parameters do not decay, as transformers want it of norms and embeddings.
 */
@SuppressWarnings("overrides") // Deeplearning4j's own mixture of arrays and variable arguments.
abstract class ParameterVertex extends BlockVertex {
    private final TrainingConfig training;
    private final INDArray params;
    private final Map<String, Integer> lengths;
    private final Map<String, INDArray> paramTable;
    private final Map<String, Storage> values;
    private INDArray gradients;
    private Map<String, INDArray> gradientTable;
    private Map<String, Storage> changes;

    /**
     * A vertex.
     *
     * @param lengths of the parameters, in the order in which they lie in {@code params}
     */
    protected ParameterVertex(
            ComputationGraph graph,
            String name,
            int index,
            INDArray params,
            Map<String, Integer> lengths,
            IUpdater updater,
            DataType dataType) {
        super(graph, name, index, dataType);
        this.training = new NormalisationTraining(name, updater);
        this.params = params;
        this.lengths = lengths;
        this.paramTable = split(params);
        this.values = storages(paramTable);
    }

    /** A parameter. */
    protected Storage value(String parameter) {
        return values.get(parameter);
    }

    /** A parameter as an array, for its initialisation. */
    protected INDArray array(String parameter) {
        return paramTable.get(parameter);
    }

    /** A parameter's gradient. */
    protected Storage change(String parameter) {
        return changes.get(parameter);
    }

    /** All gradients, as Deeplearning4j wants them. */
    protected Gradient gradient() {
        Gradient gradient = new DefaultGradient(gradients);
        gradientTable.forEach(gradient::setGradientFor);
        return gradient;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        gradients = view;
        gradientTable = split(view);
        changes = storages(gradientTable);
    }

    @Override
    public INDArray getGradientsViewArray() {
        return gradients;
    }

    @Override
    public INDArray params() {
        return params;
    }

    @Override
    public Map<String, INDArray> paramTable(boolean backpropOnly) {
        return paramTable;
    }

    @Override
    public TrainingConfig getConfig() {
        return training;
    }

    @Override
    public boolean updaterDivideByMinibatch(String parameter) {
        return true;
    }

    private Map<String, INDArray> split(INDArray view) {
        INDArray flat = view.reshape(new long[]{view.length()});
        Map<String, INDArray> table = new LinkedHashMap<>();
        long from = 0;
        for (Map.Entry<String, Integer> entry : lengths.entrySet()) {
            long to = from + entry.getValue();
            table.put(entry.getKey(), flat.get(NDArrayIndex.interval(from, to)));
            from = to;
        }
        return table;
    }

    private static Map<String, Storage> storages(Map<String, INDArray> table) {
        Map<String, Storage> storages = new LinkedHashMap<>();
        table.forEach((name, array) -> storages.put(name, ArrayMemory.storage(array)));
        return storages;
    }
}
