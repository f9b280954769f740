package org.bame.layer;

import java.util.Collection;
import java.util.Objects;
import org.bame.kernel.ConvolutionShape;
import org.bame.sparsity.LayerKind;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a layer that is one weight tensor {@code W} of shape {@code [outputs, kernelHeight, kernelWidth,
 * inputs]} in 'c' order, and perhaps a bias {@code b}. The extents of its input are found by the graph builder's
 * {@code setInputTypes}.
 */
public abstract sealed class ProductLayerConfiguration extends FeedForwardLayer
        permits KernelConvolution, KernelLinear {
    private static final long serialVersionUID = 1L;

    private LayerKind kind;
    private Sparsify sparsify = Sparsify.DEFAULT;
    private WeightInitialisation initialisation;
    private int inputHeight;
    private int inputWidth;

    ProductLayerConfiguration(LayerKind kind, WeightInitialisation initialisation) {
        this.kind = kind;
        this.initialisation = initialisation;
        this.activationFn = new ActivationIdentity();
    }

    /** What the layer is in its network. */
    public LayerKind getKind() {
        return kind;
    }

    /** Sets {@link #getKind}. */
    public void setKind(LayerKind kind) {
        this.kind = kind;
    }

    /** Whether a training method may make it sparse. */
    public Sparsify getSparsify() {
        return sparsify;
    }

    /** Sets {@link #getSparsify}. */
    public void setSparsify(Sparsify sparsify) {
        this.sparsify = sparsify;
    }

    /** Where the weights start. */
    public WeightInitialisation getInitialisation() {
        return initialisation;
    }

    /** Sets {@link #getInitialisation}. */
    public void setInitialisation(WeightInitialisation initialisation) {
        this.initialisation = initialisation;
    }

    /** Rows of the input; 0 until the graph builder has seen the input types. */
    public int getInputHeight() {
        return inputHeight;
    }

    /** Sets {@link #getInputHeight}. */
    public void setInputHeight(int inputHeight) {
        this.inputHeight = inputHeight;
    }

    /** Columns of the input; 0 until the graph builder has seen the input types. */
    public int getInputWidth() {
        return inputWidth;
    }

    /** Sets {@link #getInputWidth}. */
    public void setInputWidth(int inputWidth) {
        this.inputWidth = inputWidth;
    }

    /** Whether the layer adds a bias. */
    abstract boolean withBias();

    /**
     * The product.
     *
     * @throws IllegalStateException if the input extents are not known yet
     */
    abstract ConvolutionShape shape();

    /** For {@link #shape} of the subclasses. */
    final void requireInput() {
        if (inputHeight < 1 || inputWidth < 1 || getNIn() < 1) {
            throw new IllegalStateException("Layer '" + getLayerName() + "' does not know its input: call"
                    + " setInputTypes(InputType.convolutional(height, width, channels)) on the graph builder");
        }
    }

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray params,
            boolean initialise,
            DataType dataType) {
        ProductLayer layer = new ProductLayer(configuration, shape(), dataType);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(params);
        layer.setParamTable(initializer().init(configuration, params, initialise));
        return layer;
    }

    @Override
    public final ParamInitializer initializer() {
        return ProductParameters.INSTANCE;
    }

    @Override
    public final void setNIn(InputType inputType, boolean override) {
        var input = BlockVertexConfiguration.shape(inputType, "Layer '" + getLayerName() + "'");
        if (getNIn() > 0 && getNIn() != input.channels()) {
            throw new IllegalStateException("Layer '" + getLayerName() + "' is configured for " + getNIn()
                    + " input channels, got " + input);
        }
        setNIn(input.channels());
        inputHeight = input.height();
        inputWidth = input.width();
    }

    @Override
    public final InputType getOutputType(int layerIndex, InputType inputType) {
        setNIn(inputType, false);
        return BlockVertexConfiguration.type(shape().output());
    }

    @Override
    public final InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public final LayerMemoryReport getMemoryReport(InputType inputType) {
        return new LayerMemoryReport.Builder(
                getLayerName(), getClass(), inputType, getOutputType(-1, inputType))
                .standardMemory(initializer().numParams(this), initializer().numParams(this))
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(0, 0)
                .build();
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof ProductLayerConfiguration that
                && that.getClass() == getClass()
                && that.kind == kind
                && that.sparsify == sparsify
                && that.initialisation == initialisation
                && that.inputHeight == inputHeight
                && that.inputWidth == inputWidth;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), kind, sparsify, initialisation, inputHeight, inputWidth);
    }
}
