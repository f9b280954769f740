package org.bame.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bame.sparsity.WeightShape;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** How the parameters of a product layer lie in the graph's parameter vector: first {@code W}, then {@code b}. */
final class ProductParameters implements ParamInitializer {
    static final ProductParameters INSTANCE = new ProductParameters();
    static final String WEIGHTS = "W";
    static final String BIAS = "b";

    private ProductParameters() {}

    @Override
    public long numParams(NeuralNetConfiguration configuration) {
        return numParams(configuration.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        ProductLayerConfiguration product = (ProductLayerConfiguration) layer;
        WeightShape shape = product.shape().weights();
        return shape.size() + (product.withBias() ? shape.outputs() : 0);
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return ((ProductLayerConfiguration) layer).withBias() ? List.of(WEIGHTS, BIAS) : List.of(WEIGHTS);
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return List.of(WEIGHTS);
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return ((ProductLayerConfiguration) layer).withBias() ? List.of(BIAS) : List.of();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return WEIGHTS.equals(key);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return BIAS.equals(key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration configuration, INDArray view, boolean initialise) {
        ProductLayerConfiguration product = (ProductLayerConfiguration) configuration.getLayer();
        Map<String, INDArray> table = split(product, view);
        table.keySet().forEach(configuration::addVariable);
        if (initialise) {
            WeightShape shape = product.shape().weights();
            product.getInitialisation().weights(table.get(WEIGHTS), shape);
            if (product.withBias()) {
                product.getInitialisation().bias(table.get(BIAS), shape);
            }
        }
        return table;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration configuration, INDArray view) {
        return split((ProductLayerConfiguration) configuration.getLayer(), view);
    }

    private static Map<String, INDArray> split(ProductLayerConfiguration product, INDArray view) {
        WeightShape shape = product.shape().weights();
        INDArray flat = view.reshape(new long[]{view.length()});
        Map<String, INDArray> table = new LinkedHashMap<>();
        table.put(
                WEIGHTS,
                flat.get(NDArrayIndex.interval(0, shape.size()))
                        .reshape(
                                'c',
                                new long[]{shape.outputs(), shape.kernelHeight(), shape.kernelWidth(), shape.inputs()
                                }));
        if (product.withBias()) {
            table.put(BIAS, flat.get(NDArrayIndex.interval(shape.size(), view.length())));
        }
        return table;
    }
}
