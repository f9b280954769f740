package org.bame.method;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.sparsity.Mask;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.WeightShape;

/**
 * A layer's forward mask and what the statistics need of its past. The mask keeps everything until its first update,
 * which is no flip: there was no mask before.
 */
public final class MaskTracker {
    private final Mask mask;
    private final Mask everActive;
    private boolean started;
    private long updates;
    private long flips;

    /** A tracker of weights of this shape; the mask promises that outputs agree where the pattern says so. */
    public MaskTracker(WeightShape shape, SparsityPattern pattern) {
        this.mask = Mask.full(shape, pattern.rowGroup());
        this.everActive = Mask.empty(shape);
    }

    /** The mask. Whoever changes it says so by {@link #recordUpdate}. */
    public Mask mask() {
        return mask;
    }

    /**
     * Notes that the mask was chosen anew.
     *
     * @param changedBits weights whose bit changed
     */
    public void recordUpdate(int changedBits) {
        if (started) {
            updates++;
            flips += changedBits;
        }
        started = true;
        everActive.union(mask);
    }

    /** Takes over another mask, as an update. */
    public void replace(Mask next) {
        int changed = mask.difference(next);
        mask.assign(next);
        recordUpdate(changed);
    }

    /** Notes a step that used every weight. */
    public void recordDense() {
        everActive.keepAll();
    }

    /** Whether a weight was kept by the mask of any update so far. */
    public boolean wasActive(int index) {
        return everActive.get(index);
    }

    /** Share of the weights that were kept at any time. */
    public double everActiveShare() {
        return everActive.density();
    }

    /** Statistics since the last call. */
    public LayerStatistics drainStatistics(String layer, double frozenShare) {
        double flipRate = updates == 0 ? 0 : (double) flips / updates / mask.shape().size();
        long drained = updates;
        updates = 0;
        flips = 0;
        return new LayerStatistics(layer, mask.density(), drained, flipRate, frozenShare, everActive.density());
    }

    /** Writes mask and history. */
    public void save(DataOutput out) throws IOException {
        mask.save(out);
        everActive.save(out);
        out.writeBoolean(started);
        out.writeLong(updates);
        out.writeLong(flips);
    }

    /** Restores what {@link #save} wrote. */
    public void restore(DataInput in) throws IOException {
        mask.restore(in);
        everActive.restore(in);
        started = in.readBoolean();
        updates = in.readLong();
        flips = in.readLong();
    }
}
