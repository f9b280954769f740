package org.bame.layer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.bame.flops.LayerSparsity;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.Storage;
import org.bame.method.BatchLoss;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskedLayer;
import org.bame.method.Preconditioner;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Sparsifiability;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Stands between a training method and a graph: finds the layers that may be sparse, hands the method's plans to them
 * at the right moments, and shows the method weights and gradients without the graph.
 */
final class MethodDriver {
    private final TrainingMethod method;
    private final List<ProductLayer> sparseLayers = new ArrayList<>();
    private final Map<ProductLayer, LayerSparsity> sparsities = new LinkedHashMap<>();
    private final List<AveragedPlan> averagedPlans = new ArrayList<>();
    private final Set<Long> sparsePositions = new HashSet<>();
    private final LayerExecution.Chooser chooser;
    private boolean chosen;
    private Step step;
    private boolean stale = true;
    private boolean deployed;
    /** The layers' plans, while a loss is probed; else empty. */
    private List<ProductPlan> suspended = List.of();

    /** As below, with every product on a mask by the kernel that skips the zeros. */
    MethodDriver(ComputationGraph graph, SparsityPattern pattern, TrainingMethod method,
            LongFunction<TensorState> stateOf) {
        this(graph, pattern, method, stateOf, (shape, own, batch) -> LayerExecution.SPARSE);
    }

    /**
     * Attaches a method to the layers of a graph.
     *
     * @param graph initialised
     * @param method or null: every layer stays dense, and only the verdicts are kept
     * @param stateOf the optimizer's state of the tensor that starts at a position of the graph's vector
     * @param chooser says before the first step how the sparse layers' products run
     */
    MethodDriver(
            ComputationGraph graph,
            SparsityPattern pattern,
            TrainingMethod method,
            LongFunction<TensorState> stateOf,
            LayerExecution.Chooser chooser) {
        this.method = method;
        this.chooser = chooser;
        if (graph.getFlattenedGradients() == null) {
            graph.initGradientsView();
        }
        Storage parameters = ArrayMemory.storage(graph.params());
        List<MaskedLayer> views = new ArrayList<>();
        List<ProductLayer> layers = KernelSession.productLayers(graph);
        List<LayerSparsity> decided =
                LayerSparsity.of(layers.stream().map(ProductLayer::weighted).toList(), pattern);
        for (int i = 0; i < layers.size(); i++) {
            ProductLayer layer = layers.get(i);
            LayerSparsity sparsity = decided.get(i);
            sparsities.put(layer, sparsity);
            if (method != null && sparsity.verdict().sparse()) {
                long offset = (layer.weights().address() - parameters.address())
                        / parameters.type().bytes();
                sparseLayers.add(layer);
                sparsePositions.add(offset);
                averagedPlans.add(new AveragedPlan(layer, offset));
                views.add(new View(layer, sparsity.pattern(), stateOf.apply(offset)));
            }
        }
        if (method != null) {
            method.attach(List.copyOf(views));
        }
    }

    /** Whether a layer is sparse, and why. */
    Sparsifiability verdict(ProductLayer layer) {
        return method == null
                ? new Sparsifiability(false, "no sparse method")
                : sparsities.get(layer).verdict();
    }

    /** Whether the method was attached to the tensor that starts at a position of the graph's vector. */
    boolean isSparse(long position) {
        return sparsePositions.contains(position);
    }

    /** Opens a training step. */
    void open(Step next) {
        step = next;
    }

    /**
     * Says where the run stands after weights and method state were replaced.
     *
     * @param last step taken; null: none
     */
    void resume(Step last) {
        step = last;
        stale = true;
    }

    /**
     * Asks for plans: of the open step in training; for inference of the last step taken, and only if the weights have
     * changed since the last time. So an evaluation never takes a method into its next phase: between two steps the
     * run still is in the phase of the first. Before the first step there is no mask, and inference is dense.
     */
    void plan(boolean training, BatchLayout batch) {
        if (training && !chosen) {
            sparseLayers.forEach(layer -> layer.execution()
                    .choose(chooser.choose(layer.shape(), sparsities.get(layer).pattern(), batch)));
            chosen = true;
        }
        plan(training);
    }

    /** Lets every product run dense on the stored weights, and asks for no plans, until {@link #endProbe}. */
    void beginProbe() {
        suspended = sparseLayers.stream().map(ProductLayer::plan).toList();
        sparseLayers.forEach(layer -> layer.plan(ProductPlan.DENSE));
    }

    /** Goes back to the plans that there were. */
    void endProbe() {
        List<ProductPlan> plans = suspended;
        suspended = List.of();
        for (int i = 0; i < plans.size(); i++) {
            sparseLayers.get(i).plan(plans.get(i));
        }
    }

    private void plan(boolean training) {
        if (method == null || deployed || !suspended.isEmpty() || !training && !stale) {
            return;
        }
        for (int i = 0; i < sparseLayers.size(); i++) {
            if (step == null) {
                sparseLayers.get(i).plan(ProductPlan.DENSE, 0);
            } else {
                sparseLayers.get(i).plan(method.plan(i, step), step.index());
            }
        }
        stale = false;
    }

    /**
     * Begins inference with the average in place of the stored weights. The method is asked before they change places, so
     * that masks are those of the weights in training. What fails on the way leaves everything as it was.
     */
    void enter(WeightAverage average) {
        plan(false);
        average.exchange();
        try {
            averagedPlans.forEach(plan -> plan.enter(average));
        } catch (RuntimeException | Error e) {
            leave(average);
            throw e;
        }
    }

    /** Ends it. */
    void leave(WeightAverage average) {
        average.exchange();
        averagedPlans.forEach(AveragedPlan::leave);
    }

    /** Writes how the products run, if that is chosen already. */
    void saveChoices(DataOutput out) throws IOException {
        out.writeBoolean(chosen);
        if (chosen) {
            for (ProductLayer layer : sparseLayers) {
                layer.execution().choice().save(out);
            }
        }
    }

    /** Reads what {@link #saveChoices} wrote for this network; empty if nothing was chosen. */
    List<LayerExecution> readChoices(DataInput in) throws IOException {
        List<LayerExecution> choices = new ArrayList<>();
        if (in.readBoolean()) {
            for (int i = 0; i < sparseLayers.size(); i++) {
                choices.add(LayerExecution.read(in));
            }
        }
        return choices;
    }

    /** Takes up what {@link #readChoices} read, so that nothing is chosen anew. */
    void restoreChoices(List<LayerExecution> choices) {
        chosen = !choices.isEmpty();
        for (int i = 0; i < choices.size(); i++) {
            sparseLayers.get(i).execution().choose(choices.get(i));
        }
    }

    /** Writes what inference multiplies by into the parameters; from then on the method is not asked any more. */
    void deploy() {
        plan(false);
        for (ProductLayer layer : sparseLayers) {
            ProductPlan plan = layer.plan();
            if (plan.effectiveWeights() != null) {
                layer.weights().copyFrom(plan.effectiveWeights());
            }
            if (plan.forward() instanceof Support.Masked masked) {
                MaskArithmetic.zeroOutside(masked.mask(), layer.weights());
            }
            layer.plan(ProductPlan.of(plan.forward(), plan.forward(), plan.forward()), 0);
        }
        deployed = true;
    }

    /**
     * Holds the masks of the last plans to what the method promises of them.
     *
     * @throws InvariantException naming layer, step and place
     */
    void verifyMasks() {
        for (int i = 0; step != null && i < sparseLayers.size(); i++) {
            ProductLayer layer = sparseLayers.get(i);
            try {
                method.promise(i, step).require(layer.plan(), sparsities.get(layer).pattern());
            } catch (IllegalStateException e) {
                throw new InvariantException("Layer '" + layer.name() + "', step " + step.index()
                        + ": the masks are not what method " + method.signature() + " promises: " + e.getMessage());
            }
        }
    }

    boolean deployed() {
        return deployed;
    }

    /** Says how the method may ask for losses. */
    void measureBy(BatchLoss loss) {
        if (method != null) {
            method.measureBy(loss);
        }
    }

    void transformGradients() {
        if (method != null) {
            method.transformGradients(step);
        }
    }

    /** What Adam divides the mean gradients of the sparse layers' weights by in the open step. */
    Preconditioner preconditioner() {
        return method == null ? Preconditioner.ADAPTIVE : method.preconditioner(step);
    }

    void afterUpdate() {
        if (method != null) {
            method.afterUpdate(step);
        }
        stale = true;
    }

    /** Gives the layers back to dense training. */
    void detach() {
        sparseLayers.forEach(layer -> layer.plan(ProductPlan.DENSE, 0));
    }

    /** A layer as the method sees it. */
    private record View(ProductLayer layer, SparsityPattern pattern, TensorState state) implements MaskedLayer {
        @Override
        public String name() {
            return layer.name();
        }

        @Override
        public WeightShape shape() {
            return layer.shape().weights();
        }

        @Override
        public Storage weights() {
            return layer.weights();
        }

        @Override
        public Storage gradient() {
            return layer.weightGradient();
        }

        @Override
        public void resetOptimizerState(int index) {
            state.reset(index);
        }

        @Override
        public Optional<Storage> secondMoment() {
            return state.secondMoment();
        }
    }
}
