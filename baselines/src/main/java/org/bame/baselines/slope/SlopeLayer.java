package org.bame.baselines.slope;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.OutputAxisSelection;
import org.bame.sparsity.Support;

/**
 * SLoPe on one layer: a sparse store with a static mask m; the input gradient multiplies by a part of it that is N:M along the
 * outputs too; the weight gradient is computed for kept weights alone (the authors compute it dense, and drop the others).
 *
 * <p>At the end, all products multiply by {@code w m + L R}, which is dense: the authors multiply by the low-rank factors one
 * after the other, and by the doubly pruned w in the input gradient; here neither factors nor the second pruning save anything
 * in this phase. Memory is not saved either, since stored weights and momentum keep their zeros.
 */
final class SlopeLayer implements LayerMethod {
    private static final long NEVER = -1;

    private final MaskedLayer layer;
    private final SlopeConfiguration configuration;
    private final long adaptersFrom;
    private final NmSelection selection;
    private final OutputAxisSelection outputSelection;
    private final RandomGenerator random;
    private final MaskTracker tracker;
    private final Mask backwardMask;
    private final LowRankAdapters adapters;
    private final Storage effectiveWeights;
    private final ProductPlan sparsePlan;
    private final ProductPlan adapterPlan;
    private final PlanPromise promise;
    private boolean pruned;
    private boolean adapting;
    private long backwardChosenAt = NEVER;
    private boolean stale = true;

    /**
     * One layer's part.
     *
     * @param selection may be shared by layers that one thread serves, and so may outputSelection
     * @param random draws the mask, then the adapters
     */
    SlopeLayer(
            MaskedLayer layer,
            SlopeConfiguration configuration,
            long adaptersFrom,
            NmSelection selection,
            OutputAxisSelection outputSelection,
            LowRankAdapters adapters,
            RandomGenerator random) {
        this.layer = layer;
        this.configuration = configuration;
        this.adaptersFrom = adaptersFrom;
        this.selection = selection;
        this.outputSelection = outputSelection;
        this.random = random;
        this.tracker = new MaskTracker(layer.shape(), selection.pattern());
        this.backwardMask = Mask.empty(layer.shape());
        this.adapters = adapters;
        this.effectiveWeights = Storage.allocate(ElementType.FLOAT, layer.shape().size());
        Support support = Support.of(tracker.mask());
        this.sparsePlan = ProductPlan.of(support, Support.of(backwardMask), support);
        this.adapterPlan = new ProductPlan(Support.DENSE, Support.DENSE, Support.DENSE, effectiveWeights).asSum();
        this.promise = PlanPromise.EXACT.and(OutputAxisPromise.inMemoryOrder(selection.pattern(), layer.shape()));
    }

    @Override
    public ProductPlan plan(Step step) {
        // Not when attached: a checkpoint may be about to restore another run's weights.
        if (!pruned) {
            prune();
        }
        if (step.index() >= adaptersFrom) {
            adapt();
            return adapterPlan;
        }
        boolean due = backwardChosenAt != step.index() && step.index() % configuration.interval() == 0;
        if (due || backwardChosenAt == NEVER) {
            outputSelection.select(layer.weights().segment(), tracker.mask(), backwardMask);
            backwardChosenAt = step.index();
        }
        return sparsePlan;
    }

    @Override
    public PlanPromise promise(Step step) {
        return promise;
    }

    private void prune() {
        tracker.recordUpdate(switch (configuration.rowMask()) {
            case RANDOM -> selection.selectRandom(random, tracker.mask());
            case MAGNITUDE -> selection.select(layer.weights().segment(), tracker.mask());
        });
        MaskArithmetic.prune(layer, tracker.mask());
        adapters.draw(random);
        pruned = true;
    }

    private void adapt() {
        if (stale) {
            effectiveWeights.copyFrom(layer.weights());
            adapters.addTo(effectiveWeights);
            stale = false;
        }
        adapting = true;
    }

    @Override
    public void transformGradient(Step step) {
        if (adapting) {
            adapters.descend(layer.gradient(), step.learningRate());
            MaskArithmetic.zeroOutside(tracker.mask(), layer.gradient());
        }
    }

    @Override
    public void afterUpdate(Step step) {
        stale = true;
    }

    @Override
    public LayerStatistics drainStatistics() {
        LayerStatistics stored = tracker.drainStatistics(layer.name(), 1);
        return adapting
                ? new LayerStatistics(
                        stored.layer(), 1, stored.maskUpdates(), stored.flipRate(), 1, stored.everActiveShare())
                : stored;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeBoolean(pruned);
        out.writeBoolean(adapting);
        out.writeLong(backwardChosenAt);
        tracker.save(out);
        backwardMask.save(out);
        adapters.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        pruned = in.readBoolean();
        adapting = in.readBoolean();
        backwardChosenAt = in.readLong();
        tracker.restore(in);
        backwardMask.restore(in);
        adapters.restore(in);
        stale = true;
    }
}
