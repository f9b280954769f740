package org.bame.layer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.Storage;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Sparsifiability;
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
    private final Map<ProductLayer, Sparsifiability> verdicts = new LinkedHashMap<>();
    private final LayerExecution.Chooser chooser;
    private boolean chosen;
    private Step step;
    private boolean stale = true;
    private boolean deployed;

    /** As below, with every product on a mask by the kernel that skips the zeros. */
    MethodDriver(ComputationGraph graph, NmPattern pattern, TrainingMethod method, LongFunction<IntConsumer> stateOf) {
        this(graph, pattern, method, stateOf, (shape, batch) -> LayerExecution.SPARSE);
    }

    /**
     * Attaches a method to the layers of a graph.
     *
     * @param graph initialised
     * @param method or null: every layer stays dense, and only the verdicts are kept
     * @param stateOf for the tensor that starts at a position of the graph's vector: what sets the optimizer's state
     *     of one of its weights to 0
     * @param chooser says before the first step how the sparse layers' products run
     */
    MethodDriver(
            ComputationGraph graph,
            NmPattern pattern,
            TrainingMethod method,
            LongFunction<IntConsumer> stateOf,
            LayerExecution.Chooser chooser) {
        this.method = method;
        this.chooser = chooser;
        if (graph.getFlattenedGradients() == null) {
            graph.initGradientsView();
        }
        Storage parameters = ArrayMemory.storage(graph.params());
        List<MaskedLayer> views = new ArrayList<>();
        for (ProductLayer layer : KernelSession.productLayers(graph)) {
            Sparsifiability verdict = verdict(layer, pattern, method != null);
            verdicts.put(layer, verdict);
            if (verdict.sparse()) {
                long offset = (layer.weights().address() - parameters.address())
                        / parameters.type().bytes();
                sparseLayers.add(layer);
                views.add(new View(layer, stateOf.apply(offset)));
            }
        }
        if (method != null) {
            method.attach(List.copyOf(views));
        }
    }

    /** Whether a layer is sparse, and why. */
    Sparsifiability verdict(ProductLayer layer) {
        return verdicts.get(layer);
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
            sparseLayers.forEach(layer -> layer.execution().choose(chooser.choose(layer.shape(), batch)));
            chosen = true;
        }
        plan(training);
    }

    private void plan(boolean training) {
        if (method == null || deployed || !training && !stale) {
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

    boolean deployed() {
        return deployed;
    }

    void transformGradients() {
        if (method != null) {
            method.transformGradients(step);
        }
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

    private static Sparsifiability verdict(ProductLayer layer, NmPattern pattern, boolean hasMethod) {
        if (!hasMethod) {
            return new Sparsifiability(false, "no sparse method");
        }
        return layer.weighted().sparsifiability(pattern);
    }

    /** A layer as the method sees it. */
    private record View(ProductLayer layer, IntConsumer reset) implements MaskedLayer {
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
            reset.accept(index);
        }
    }
}
