package org.bame.method;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.bame.flops.CostModel;

/**
 * A training method at work on one network. It never touches the network: the trainer asks it, step by step, in this
 * order: {@link #plan} of every layer, the three products, {@link #transformGradients}, the optimizer,
 * {@link #afterUpdate}. Before an evaluation it asks for plans once more, of the last step taken (never of the next,
 * which may open another phase), with the weights as they then are; before the first step it does not ask at all.
 */
public interface TrainingMethod {
    /** What a checkpoint must agree on: the method and all its choices. By default its class alone. */
    default String signature() {
        return getClass().getName();
    }

    /** Hook 0: the sparsifiable layers, once, before the first step or the {@link #restore}. */
    void attach(List<MaskedLayer> layers);

    /** Hook 0b: how to ask for losses, before the first step; for methods that measure what they do. */
    default void measureBy(BatchLoss loss) {}

    /** Hook 1: supports (and effective weights) of the layer's products at this step. Asking twice for a step changes nothing. */
    ProductPlan plan(int layer, Step step);

    /**
     * What the masks of the layer's plan at this step keep. Runs are held to it at the end of every epoch, with the last step
     * taken: a method whose masks follow the pattern only in the end says so here, and one whose input gradient multiplies by
     * a W^T that is N:M as well.
     */
    default PlanPromise promise(int layer, Step step) {
        return PlanPromise.EXACT;
    }

    /** Hook 2: changes gradients before weight decay, momentum and the update. */
    void transformGradients(Step step);

    /**
     * What Adam divides this step's mean gradients of the attached layers' weights by; asked between
     * {@link #transformGradients} and the update. Other optimizers take no notice.
     */
    default Preconditioner preconditioner(Step step) {
        return Preconditioner.ADAPTIVE;
    }

    /** Hook 3: after the weights were updated: re-mask, adapt, freeze. */
    void afterUpdate(Step step);

    /** Hook 4: statistics since the last call, one entry a layer. */
    List<LayerStatistics> statistics();

    /** Mask adaptations since the last call, oldest first (methods that adapt now and then, such as BAME); else empty. */
    List<Adaptation> drainAdaptations();

    /**
     * What the run costs, as far as it has come: where the data decide (when a phase ends), no longer what was planned.
     *
     * @param planned what {@link MethodFactory#costs} said before the run
     */
    default CostModel costs(CostModel planned) {
        return planned;
    }

    /** Hook 5: writes the state that {@link #restore} needs for a bit-identical continuation. */
    void save(DataOutput out) throws IOException;

    /**
     * Restores what {@link #save} wrote, after {@link #attach}. Reads nothing of the layers: their weights come later.
     *
     * @throws IllegalArgumentException if the state is another run's
     */
    void restore(DataInput in) throws IOException;
}
