package org.bame.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.Preconditioner;
import org.bame.method.Step;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * The updater that {@link SparseTrainer} puts into a graph: gradients become means over the batch, the training method
 * changes them, then clipping, decay, momentum and the rate of {@link OptimizerSettings}. It leaves in the gradient
 * vector what Deeplearning4j then subtracts from the parameters. Running statistics pass through untouched.
 *
 * <p>Its state has the size and place of the stock updater's, so model files carry it.
 */
public final class SparseGraphUpdater extends ComputationGraphUpdater {
    private final OptimizerSettings settings;
    private final UpdateRule rule;
    private final KernelSession session;
    private final List<ParameterRange> ranges = new ArrayList<>();
    private final Storage parameters;
    private final Storage gradients;
    private final Storage state;
    private MethodDriver driver;
    /** By range: whether the method was attached to it. */
    private boolean[] sparse;
    private Step step;

    /**
     * An updater with empty state.
     *
     * @throws IllegalArgumentException if the graph's configured updater has another number of state slots
     */
    SparseGraphUpdater(ComputationGraph graph, KernelSession session, OptimizerSettings settings) {
        super(graph);
        this.settings = settings;
        this.session = session;
        this.rule = UpdateRule.of(settings);
        this.parameters = ArrayMemory.storage(graph.params());
        this.gradients = ArrayMemory.storage(getFlattenedGradientsView());
        if (parameters.type() != ElementType.FLOAT) {
            throw new IllegalArgumentException("SparseTrainer trains graphs of type FLOAT, got " + parameters.type());
        }
        updaterBlocks.forEach(this::addRanges);
        this.state = updaterStateViewArray == null ? null : ArrayMemory.storage(updaterStateViewArray);
    }

    /** Attaches the driver of a method. */
    void drive(MethodDriver methodDriver) {
        this.driver = methodDriver;
        this.sparse = new boolean[ranges.size()];
        for (int i = 0; i < sparse.length; i++) {
            sparse[i] = driver.isSparse(ranges.get(i).from());
        }
    }

    /** Opens a step: exactly one {@link #update} may follow. */
    void open(Step next) {
        step = next;
    }

    /** The state of the parameter that starts at a position. */
    TensorState stateOf(long from) {
        ParameterRange range = ranges.stream()
                .filter(candidate -> candidate.from() == from)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No trainable parameter starts at position " + from));
        return new RangeState(range, state, settings);
    }

    private record RangeState(ParameterRange range, Storage state, OptimizerSettings settings) implements TensorState {
        @Override
        public void reset(int index) {
            for (int slot = 0; slot < settings.stateSlots(); slot++) {
                state.set(range.state() + slot * range.slotStride() + index, 0);
            }
        }

        @Override
        public Optional<Storage> secondMoment() {
            return switch (settings) {
                case OptimizerSettings.Sgd _ -> Optional.empty();
                case OptimizerSettings.AdamW _ ->
                    Optional.of(state.slice(range.state() + range.slotStride(), range.count()));
            };
        }
    }

    @Override
    public synchronized void update(
            Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
        if (step == null) {
            throw new IllegalStateException(
                    "This graph is trained by a SparseTrainer: call its step() instead of fit(),"
                            + " or close it first");
        }
        long start = System.nanoTime();
        float perImage = 1f / batchSize;
        for (ParameterRange range : ranges) {
            UpdateRule.scale(gradients.segment(), range, perImage);
        }
        long probed = session.clocks().nanos(Clock.LOSS_PROBE);
        long scaled = System.nanoTime();
        driver.transformGradients();
        long transformed = System.nanoTime();
        probed = session.clocks().nanos(Clock.LOSS_PROBE) - probed;
        clip();
        float rate = (float) step.learningRate();
        Preconditioner ofSparse = driver.preconditioner();
        for (int i = 0; i < sparse.length; i++) {
            rule.apply(
                    ranges.get(i),
                    parameters.segment(),
                    gradients.segment(),
                    state == null ? null : state.segment(),
                    rate,
                    step.index(),
                    sparse[i] ? ofSparse : Preconditioner.ADAPTIVE);
        }
        step = null;
        session.clocks().add(Clock.MASK_WORK, transformed - scaled - probed);
        session.clocks().add(Clock.OPTIMIZER, System.nanoTime() - transformed + scaled - start);
    }

    private void clip() {
        if (settings.clipNorm() == 0) {
            return;
        }
        double squares = 0;
        for (ParameterRange range : ranges) {
            for (long i = range.from(); i < range.from() + range.count(); i++) {
                double g = gradients.get(i);
                squares += g * g;
            }
        }
        double norm = Math.sqrt(squares);
        if (norm > settings.clipNorm()) {
            float factor = (float) (settings.clipNorm() / (norm + 1e-6));
            ranges.forEach(range -> UpdateRule.scale(gradients.segment(), range, factor));
        }
    }

    private void addRanges(UpdaterBlock block) {
        if (block.getGradientUpdater().getConfig() instanceof NoOp) {
            return;
        }
        long blockLength = block.getParamOffsetEnd() - block.getParamOffsetStart();
        long stateLength = block.getUpdaterViewOffsetEnd() - block.getUpdaterViewOffsetStart();
        if (stateLength != blockLength * settings.stateSlots()) {
            throw new IllegalArgumentException("The graph is configured with the updater "
                    + block.getGradientUpdater().getConfig() + ", which keeps " + stateLength + " numbers for "
                    + blockLength + " parameters; " + settings + " keeps " + settings.stateSlots()
                    + " for each. Build the graph with updater(settings.stockUpdater(rate))");
        }
        for (UpdaterBlock.ParamState parameter : block.getLayersAndVariablesInBlock()) {
            long offset = parameter.getParamOffsetStart() - block.getParamOffsetStart();
            boolean oneDimensional = parameter
                    .getLayer()
                    .paramTable(false)
                    .get(parameter.getParamName())
                    .rank() < 2;
            ranges.add(new ParameterRange(
                    parameter.getParamOffsetStart(),
                    parameter.getParamOffsetEnd() - parameter.getParamOffsetStart(),
                    !oneDimensional || settings.decayNormAndBias(),
                    block.getUpdaterViewOffsetStart() + offset,
                    blockLength));
        }
    }
}
