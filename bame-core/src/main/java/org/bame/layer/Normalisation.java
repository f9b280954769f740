package org.bame.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bame.kernel.BatchNormKernel;
import org.bame.kernel.Epilogue;
import org.bame.kernel.Gates;
import org.bame.kernel.NormalisationParameters;
import org.bame.kernel.Storage;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Runtime of {@link NormalisationVertex}. Parameters, each of {@code channels} numbers: gamma, beta, mean, variance.
 * The "gradient" of the running statistics is the change that the update subtracts, as in Deeplearning4j's own batch
 * normalisation; so a forward pass in training mode alone leaves them as they are.
 */
final class Normalisation extends BlockVertex {
    static final String GAMMA = "gamma";
    static final String BETA = "beta";
    static final String MEAN = "mean";
    static final String VARIANCE = "var";

    private final NormalisationVertex configuration;
    private final TrainingConfig training;
    private final INDArray params;
    private final Map<String, INDArray> paramTable = new LinkedHashMap<>();
    private final Map<String, INDArray> gradientTable = new LinkedHashMap<>();
    private final Tensors values;
    private INDArray gradients;
    private Tensors changes;
    private final LayoutCache<Work> works = new LayoutCache<>();
    /** How many of the output's readers have delivered its gradient in this backward pass. */
    private int delivered;
    /** The input, if the product that wrote it has summed it. */
    private BlockArray summedInput;

    /** The memory of the four parameters, or of their gradients. */
    private record Tensors(Storage gamma, Storage beta, Storage mean, Storage variance) {
        static Tensors of(Map<String, INDArray> table) {
            return new Tensors(
                    ArrayMemory.storage(table.get(GAMMA)),
                    ArrayMemory.storage(table.get(BETA)),
                    ArrayMemory.storage(table.get(MEAN)),
                    ArrayMemory.storage(table.get(VARIANCE)));
        }
    }

    /** Kernel and memory for one batch layout. */
    private record Work(
            BatchNormKernel kernel,
            BlockArray out,
            Gates gates,
            NormalisationParameters batch,
            NormalisationParameters running) {}

    Normalisation(
            NormalisationVertex configuration,
            ComputationGraph graph,
            String name,
            int index,
            INDArray params,
            boolean initialise,
            IUpdater updater,
            DataType dataType) {
        super(graph, name, index, dataType);
        this.configuration = configuration;
        this.training = new NormalisationTraining(name, updater);
        this.params = params;
        split(params, paramTable);
        this.values = Tensors.of(paramTable);
        if (initialise) {
            paramTable.get(GAMMA).assign(1);
            paramTable.get(BETA).assign(0);
            paramTable.get(MEAN).assign(0);
            paramTable.get(VARIANCE).assign(1);
        }
    }

    /** Whether a parameter is a running statistic: no optimizer touches it. */
    static boolean isStatistic(String parameter) {
        return parameter.equals(MEAN) || parameter.equals(VARIANCE);
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        works.clear();
    }

    /** For the product that is about to write this vertex's first input in training: takes the statistics then. */
    Epilogue moments(BlockArray x) {
        summedInput = x;
        return works.get(x.extents(), this::prepare).kernel.moments();
    }

    /** What readers of the output have delivered of its gradient, for another to add to; null if nothing. */
    BlockArray gradientSoFar() {
        return delivered == 0 ? null : outputGradient();
    }

    @Override
    public void setEpsilon(INDArray gradient) {
        super.setEpsilon(gradient);
        delivered++;
    }

    @Override
    public INDArray doForward(boolean isTraining, LayerWorkspaceMgr workspaces) {
        BlockArray x = input(0);
        BlockArray residual = inputs.length > 1 ? input(1) : null;
        if (residual != null && !residual.extents().equals(x.extents())) {
            throw new IllegalStateException("'" + vertexName + "' adds inputs of different shapes: "
                    + x.extents().shape() + " and " + residual.extents().shape()
                    + "; use a ShortcutVertex or a 1x1 convolution in the residual path");
        }
        long start = System.nanoTime();
        Work work = works.get(x.extents(), this::prepare);
        if (isTraining) {
            if (summedInput != x) {
                work.kernel.moments(x.storage());
            }
            work.kernel.statistics(work.batch.mean(), work.batch.variance());
        }
        work.kernel.normalise(
                x.storage(),
                isTraining ? work.batch : work.running,
                residual == null ? null : residual.storage(),
                configuration.getActivation(),
                isTraining ? work.gates : null,
                work.out.storage());
        // What an aborted step may have left, too.
        summedInput = null;
        delivered = 0;
        clock(isTraining, start);
        return work.out;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray x = input(0);
        BlockArray dOut = outputGradient();
        boolean residualGradient = inputs.length > 1 && needsGradient(1);
        long start = System.nanoTime();
        Work work = works.get(x.extents(), this::prepare);
        // dOut becomes the residual's gradient; where nobody wants that, dx takes its place.
        BlockArray dx = residualGradient ? session.gradients().take(x.extents()) : dOut;
        work.kernel.backward(
                x.storage(),
                work.batch,
                configuration.getActivation(),
                work.gates,
                dOut.storage(),
                dx.storage(),
                changes.gamma,
                changes.beta);
        trackStatistics(work, x.extents());
        clock(true, start);
        Gradient gradient = new DefaultGradient(gradients);
        gradientTable.forEach(gradient::setGradientFor);
        INDArray[] inputGradients =
                inputs.length > 1 ? new INDArray[]{dx, residualGradient ? dOut : null} : new INDArray[]{dx};
        return new Pair<>(gradient, inputGradients);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        gradients = view;
        gradientTable.clear();
        split(view, gradientTable);
        changes = Tensors.of(gradientTable);
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
        return !isStatistic(parameter);
    }

    private Work prepare(BlockExtents extents) {
        if (extents.shape().channels() != configuration.getChannels()) {
            throw new IllegalStateException("'" + vertexName + "' normalises " + configuration.getChannels()
                    + " channels, got " + extents.shape());
        }
        return new Work(
                session.kernels().batchNorm(extents.shape(), extents.batch()),
                BlockArray.allocate(session, extents),
                configuration.getActivation().gated() ? Gates.allocate(extents.shape(), extents.batch()) : null,
                parameters(
                        Storage.allocate(session.elementType(), configuration.getChannels()),
                        Storage.allocate(session.elementType(), configuration.getChannels())),
                parameters(values.mean, values.variance));
    }

    private NormalisationParameters parameters(Storage mean, Storage variance) {
        return new NormalisationParameters(mean, variance, configuration.getEpsilon(), values.gamma, values.beta);
    }

    /** Writes what the update is to subtract: momentum * (running - batch), the batch variance unbiased. */
    private void trackStatistics(Work work, BlockExtents extents) {
        double momentum = configuration.getMomentum();
        double count = (double) extents.batch().images() * extents.shape().pixels();
        double unbiased = count > 1 ? count / (count - 1) : 1;
        for (int c = 0; c < configuration.getChannels(); c++) {
            changes.mean.set(c, momentum * (values.mean.get(c) - work.batch.mean().get(c)));
            changes.variance.set(c, momentum * (values.variance.get(c) - unbiased * work.batch.variance().get(c)));
        }
    }

    private void split(INDArray view, Map<String, INDArray> table) {
        INDArray flat = view.reshape(new long[]{view.length()});
        long from = 0;
        for (String parameter : new String[]{GAMMA, BETA, MEAN, VARIANCE}) {
            long to = from + configuration.getChannels();
            table.put(parameter, flat.get(NDArrayIndex.interval(from, to)));
            from = to;
        }
    }
}
