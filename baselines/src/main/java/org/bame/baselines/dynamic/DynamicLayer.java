package org.bame.baselines.dynamic;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bame.method.Adaptation;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;

/**
 * A sparse store whose mask evolves. All three products run on the mask, but for the weight gradient of the steps at which
 * the mask is updated by gradients.
 *
 * <p>An update happens where the dense gradient and the weights that it belongs to are both at hand, before the optimizer's
 * step. That step sees the new mask, but only gradients of weights kept before and after; new weights learn from the next
 * step on. (The code of RigL leaves that step out instead.)
 */
final class DynamicLayer implements LayerMethod {
    private final MaskedLayer layer;
    private final Topology topology;
    private final UpdateSchedule schedule;
    private final MaskTracker tracker;
    private final Mask next;
    private final ProductPlan plan;
    private final ProductPlan updatePlan;
    private final List<Adaptation> adaptations = new ArrayList<>();
    private boolean begun;

    /**
     * One layer's part.
     *
     * @param tracker holds the mask
     */
    DynamicLayer(MaskedLayer layer, Topology topology, UpdateSchedule schedule, MaskTracker tracker) {
        this.layer = layer;
        this.topology = topology;
        this.schedule = schedule;
        this.tracker = tracker;
        this.next = tracker.mask().copy();
        Support support = Support.of(tracker.mask());
        this.plan = ProductPlan.of(support, support, support);
        this.updatePlan = topology.needsDenseGradient() ? ProductPlan.of(support, support, Support.DENSE) : plan;
    }

    @Override
    public ProductPlan plan(Step step) {
        // Not when attached: a checkpoint may be about to restore another run's weights.
        if (!begun) {
            topology.begin(tracker.mask());
            tracker.recordUpdate(0);
            MaskArithmetic.prune(layer, tracker.mask());
            begun = true;
        }
        return schedule.updatesAt(step.index()) ? updatePlan : plan;
    }

    @Override
    public PlanPromise promise(Step step) {
        return PlanPromise.of(topology.promise());
    }

    @Override
    public void transformGradient(Step step) {
        if (schedule.updatesAt(step.index())) {
            update(step);
        }
    }

    private void update(Step step) {
        long start = System.nanoTime();
        Mask mask = tracker.mask();
        next.assign(mask);
        double share = schedule.share(step.index());
        topology.evolve(new Topology.Update(step.index(), share, layer.weights(), layer.gradient(), mask), next);
        int dropped = 0;
        int grown = 0;
        int reversals = 0;
        double predictedChange = 0;
        for (int word = 0; word < mask.wordCount(); word++) {
            for (long bits = mask.word(word) ^ next.word(word); bits != 0; bits &= bits - 1) {
                int i = (word << 6) + Long.numberOfTrailingZeros(bits);
                if (mask.get(i)) {
                    predictedChange -= layer.gradient().get(i) * layer.weights().get(i);
                    dropped++;
                } else {
                    reversals += tracker.wasActive(i) ? 1 : 0;
                    grown++;
                }
                layer.weights().set(i, 0);
                layer.gradient().set(i, 0);
                layer.resetOptimizerState(i);
            }
        }
        mask.assign(next);
        MaskArithmetic.zeroOutside(mask, layer.gradient());
        tracker.recordUpdate(dropped + grown);
        adaptations.add(new Adaptation(
                layer.name(),
                step.index(),
                Math.min(dropped, grown),
                reversals,
                (double) (dropped + grown) / layer.shape().size(),
                0,
                tracker.everActiveShare(),
                predictedChange,
                System.nanoTime() - start));
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), 0);
    }

    @Override
    public List<Adaptation> drainAdaptations() {
        List<Adaptation> drained = List.copyOf(adaptations);
        adaptations.clear();
        return drained;
    }

    /** Does not write adaptations that nobody {@link #drainAdaptations drained}: drain, then save. */
    @Override
    public void save(DataOutput out) throws IOException {
        tracker.save(out);
        out.writeBoolean(begun);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        tracker.restore(in);
        begun = in.readBoolean();
    }
}
