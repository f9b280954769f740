package org.bame.layer;

import java.util.Map;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.BiasKernel;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.Epilogue;
import org.bame.kernel.Product;
import org.bame.kernel.Storage;
import org.bame.method.OutputGradientSample;
import org.bame.method.ProductPlan;
import org.bame.sparsity.Support;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link KernelConvolution} and {@link KernelLinear}: the three products, as the current plan says. */
final class ProductLayer extends BaseLayer<ProductLayerConfiguration> implements KernelUser {
    private final transient ConvolutionShape shape;
    private final transient LayoutCache<Work> works = new LayoutCache<>();
    private final transient LayerMeter meter;
    private transient KernelSession session;
    private transient Normalisation reader;
    private transient Normalisation source;
    private transient PlanExecution execution = new PlanExecution();
    private boolean inputGradientNeeded = true;
    private transient Storage weights;
    private transient Storage bias;
    private transient Storage weightGradient;
    private transient Storage biasGradient;
    private transient long step;

    /** Kernel and memory for one batch layout. */
    private record Work(ConvolutionKernel kernel, BiasKernel bias, BlockArray out) {}

    ProductLayer(NeuralNetConfiguration configuration, ConvolutionShape shape, DataType dataType) {
        super(configuration, dataType);
        this.shape = shape;
        this.meter = new LayerMeter();
    }

    @Override
    public void use(KernelSession newSession) {
        session = newSession;
        works.clear();
        execution = new PlanExecution();
        reader = null;
        source = null;
    }

    /** Names the normalisation that alone reads the output: its statistics are taken while the output is written. */
    void feed(Normalisation normalisation) {
        reader = bias == null ? normalisation : null;
    }

    /** Names the normalisation that wrote the input: what others have delivered of its gradient is added to. */
    void read(Normalisation normalisation) {
        source = normalisation;
    }

    /** Says whether anybody needs the gradient with respect to the input. */
    void needInputGradient(boolean needed) {
        inputGradientNeeded = needed;
    }

    boolean inputGradientNeeded() {
        return inputGradientNeeded;
    }

    /**
     * What the next products do.
     *
     * @param stepIndex of the optimizer step: samples of dY are drawn by it
     */
    void plan(ProductPlan next, long stepIndex) {
        step = stepIndex;
        plan(next);
    }

    /** The same, at the step of the last plan. */
    void plan(ProductPlan next) {
        execution.plan(next, weights);
    }

    ProductPlan plan() {
        return execution.plan();
    }

    /** How plans are carried out. */
    PlanExecution execution() {
        return execution;
    }

    String name() {
        return layerConf().getLayerName();
    }

    ConvolutionShape shape() {
        return shape;
    }

    /** The layer as the FLOPs account sees it. */
    WeightedLayer weighted() {
        return new WeightedLayer(
                name(),
                layerConf().getKind(),
                shape.weights(),
                shape.output().pixels(),
                layerConf().getSparsify() == Sparsify.NEVER);
    }

    LayerMeter meter() {
        return meter;
    }

    /** What a product did in training since the meter was last reset. */
    ProductReport report(Product product) {
        if (plan().support(product) instanceof Support.Masked masked) {
            return meter.report(product, masked.mask().density(), !execution.isMaskedDense(product));
        }
        boolean masksByZeros = product != Product.WEIGHT_GRADIENT && hasZeros(plan().effectiveWeights());
        return meter.report(product, 1, !masksByZeros);
    }

    private static boolean hasZeros(Storage weights) {
        if (weights != null) {
            for (long i = 0; i < weights.size(); i++) {
                if (weights.get(i) == 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The stored weights. */
    Storage weights() {
        return weights;
    }

    /** The gradient of the stored weights; null before the graph has a gradient vector. */
    Storage weightGradient() {
        return weightGradient;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray x = BlockArray.of(input, name());
        Work work = works.get(x.extents(), this::prepare);
        long asked = System.nanoTime();
        Support support = execution.support(Product.FORWARD);
        work.kernel.prepare(Product.FORWARD, support);
        long start = System.nanoTime();
        Epilogue epilogue = training && reader != null ? reader.moments(work.out) : null;
        long macs = work.kernel.forward(
                support, execution.forwardWeights(weights), x.storage(), work.out.storage(), epilogue);
        long end = System.nanoTime();
        if (training && session.metered()) {
            session.clocks().add(Clock.MASK_WORK, start - asked);
            meter.images(x.extents().batch().images());
            record(Product.FORWARD, Clock.FORWARD, end - start, macs, x);
        }
        if (bias != null) {
            work.bias.add(bias, work.out.storage());
            if (training) {
                session.clocks().add(Clock.ELEMENT_WISE, System.nanoTime() - end);
            }
        }
        return work.out;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        BlockArray x = BlockArray.of(input, name());
        BlockArray dy = BlockArray.of(epsilon, name());
        Work work = works.get(x.extents(), this::prepare);
        BlockArray dx = inputGradientNeeded ? inputGradient(work, x, dy) : null;
        if (bias != null) {
            long start = System.nanoTime();
            work.bias.gradient(dy.storage(), biasGradient);
            session.clocks().add(Clock.ELEMENT_WISE, System.nanoTime() - start);
        }
        BlockArray sampled = sample(dy);
        long start = prepare(work, Product.WEIGHT_GRADIENT);
        long macs = work.kernel.weightGradient(
                execution.support(Product.WEIGHT_GRADIENT), x.storage(), sampled.storage(), weightGradient);
        execution.finishWeightGradient(weightGradient);
        record(Product.WEIGHT_GRADIENT, Clock.WEIGHT_GRADIENT, System.nanoTime() - start, macs, x);
        session.gradients().release(sampled);
        Gradient result = new DefaultGradient(gradientsFlattened);
        gradientViews.forEach(result::setGradientFor);
        return new Pair<>(result, dx);
    }

    /** What the weight gradient reads in place of dY, which is given back if that is a sample. */
    private BlockArray sample(BlockArray dy) {
        OutputGradientSample sample = plan().outputGradientSample();
        if (sample == null) {
            return dy;
        }
        long start = System.nanoTime();
        BlockExtents extents = dy.extents();
        BlockArray sampled = session.gradients().take(extents);
        session.kernels()
                .sampleTwoOfFour(
                        sample.key(step), extents.shape(), extents.batch(), dy.storage(), sampled.storage());
        session.gradients().release(dy);
        meter.simulate(Product.WEIGHT_GRADIENT);
        session.clocks().add(Clock.MASK_WORK, System.nanoTime() - start);
        return sampled;
    }

    /** The gradient with respect to the input; null if it was added to that of the input's other readers. */
    private BlockArray inputGradient(Work work, BlockArray x, BlockArray dy) {
        BlockArray others = source == null ? null : source.gradientSoFar();
        BlockArray dx = others == null ? session.gradients().take(x.extents()) : others;
        long start = prepare(work, Product.INPUT_GRADIENT);
        long macs = work.kernel.inputGradient(
                execution.support(Product.INPUT_GRADIENT),
                execution.inputGradientWeights(weights),
                dy.storage(),
                dx.storage(),
                others != null);
        record(Product.INPUT_GRADIENT, Clock.INPUT_GRADIENT, System.nanoTime() - start, macs, x);
        return others == null ? dx : null;
    }

    @Override
    public void setParamTable(Map<String, INDArray> table) {
        super.setParamTable(table);
        weights = ArrayMemory.storage(table.get(ProductParameters.WEIGHTS));
        INDArray biasArray = table.get(ProductParameters.BIAS);
        bias = biasArray == null ? null : ArrayMemory.storage(biasArray);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray gradients) {
        super.setBackpropGradientsViewArray(gradients);
        weightGradient = ArrayMemory.storage(gradientViews.get(ProductParameters.WEIGHTS));
        INDArray biasArray = gradientViews.get(ProductParameters.BIAS);
        biasGradient = biasArray == null ? null : ArrayMemory.storage(biasArray);
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    // Identity: the superclass would compare arrays.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    private Work prepare(BlockExtents extents) {
        if (!extents.shape().equals(shape.input())) {
            throw new IllegalStateException(
                    "Layer '" + name() + "' was configured for inputs " + shape.input() + ", got " + extents.shape());
        }
        return new Work(
                session.kernels().convolution(shape, extents.batch()),
                bias == null ? null : session.kernels().bias(shape.output(), extents.batch()),
                BlockArray.allocate(session, extents.with(shape.output())));
    }

    /** Brings index lists up to date at the mask's expense, not the product's; the time when it was done. */
    private long prepare(Work work, Product product) {
        long start = System.nanoTime();
        work.kernel.prepare(product, execution.support(product));
        long end = System.nanoTime();
        session.clocks().add(Clock.MASK_WORK, end - start);
        return end;
    }

    private void record(Product product, Clock clock, long nanos, long macs, BlockArray x) {
        long nonzeros = execution.support(product) instanceof Support.Masked masked
                ? masked.mask().count()
                : shape.weights().size();
        long implied = nonzeros * shape.output().pixels() * x.extents().batch().images();
        meter.add(product, nanos, macs, implied);
        if (execution.isMaskedDense(product)) {
            meter.simulate(product);
        }
        session.clocks().add(clock, nanos);
    }
}
