package org.bame.baselines.asp;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.stream.IntStream;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.Support;

/** ASP on one layer: dense until the step of the pruning, behind it one mask that stays. */
final class AspLayer implements LayerMethod {
    private final MaskedLayer layer;
    private final NmSelection selection;
    private final AspConfiguration.Permutation permutation;
    private final long pruneStep;
    private final MaskTracker tracker;
    private final ProductPlan masked;
    private final int[] channelOrder;
    private boolean pruned;

    AspLayer(
            MaskedLayer layer, NmSelection selection, AspConfiguration.Permutation permutation, long pruneStep) {
        this.layer = layer;
        this.selection = selection;
        this.permutation = permutation;
        this.pruneStep = pruneStep;
        this.tracker = new MaskTracker(layer.shape(), selection.pattern());
        Support support = Support.of(tracker.mask());
        this.masked = ProductPlan.of(support, support, support);
        this.channelOrder = IntStream.range(0, layer.shape().inputs()).toArray();
    }

    /** A permuted mask is N:M in another order of the channels. */
    @Override
    public PlanPromise promise(Step step) {
        return permutation == AspConfiguration.Permutation.NONE
                ? PlanPromise.EXACT
                : PlanPromise.of((mask, pattern) -> PermutedSelection.requireExact(mask, channelOrder, pattern));
    }

    @Override
    public ProductPlan plan(Step step) {
        if (step.index() < pruneStep) {
            tracker.recordDense();
            return ProductPlan.DENSE;
        }
        if (!pruned) {
            prune();
            pruned = true;
        }
        return masked;
    }

    /** Weights alone: the momentum of pruned weights is not cleared, and fades while they are held at 0. */
    private void prune() {
        if (permutation == AspConfiguration.Permutation.NONE) {
            tracker.recordUpdate(selection.select(layer.weights().segment(), tracker.mask()));
        } else {
            ChannelPermutation search = new ChannelPermutation(layer.shape(), selection.pattern());
            System.arraycopy(search.search(layer.weights()), 0, channelOrder, 0, channelOrder.length);
            tracker.recordUpdate(PermutedSelection.select(selection, layer.weights(), channelOrder, tracker.mask()));
        }
        MaskArithmetic.zeroOutside(tracker.mask(), layer.weights());
    }

    /**
     * Input channels in the order in which the mask is N:M, for whoever permutes the producer's outputs; not to be changed.
     */
    int[] channelOrder() {
        return channelOrder;
    }

    @Override
    public void afterUpdate(Step step) {
        if (pruned) {
            MaskArithmetic.zeroOutside(tracker.mask(), layer.weights());
        }
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), pruned ? 1 : 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeBoolean(pruned);
        tracker.save(out);
        for (int channel : channelOrder) {
            out.writeInt(channel);
        }
    }

    @Override
    public void restore(DataInput in) throws IOException {
        pruned = in.readBoolean();
        tracker.restore(in);
        for (int i = 0; i < channelOrder.length; i++) {
            channelOrder[i] = in.readInt();
        }
    }
}
