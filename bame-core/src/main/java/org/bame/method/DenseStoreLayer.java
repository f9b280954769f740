package org.bame.method;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** One layer of a dense store whose mask follows the weights: behind an update it is stale, and the next plan chooses it anew. */
public abstract class DenseStoreLayer implements LayerMethod {
    private final MaskedLayer layer;
    private final MaskTracker tracker;
    private boolean stale = true;

    /**
     * One layer's part.
     *
     * @param tracker holds the mask
     */
    protected DenseStoreLayer(MaskedLayer layer, MaskTracker tracker) {
        this.layer = layer;
        this.tracker = tracker;
    }

    /** The layer. */
    protected final MaskedLayer layer() {
        return layer;
    }

    /** Its mask. */
    protected final MaskTracker tracker() {
        return tracker;
    }

    /** Whether the weights have changed since the mask was chosen. */
    protected final boolean stale() {
        return stale;
    }

    /** Notes that the mask was chosen by the weights as they are. */
    protected final void markChosen() {
        stale = false;
    }

    @Override
    public final void afterUpdate(Step step) {
        stale = true;
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        tracker.save(out);
        out.writeBoolean(stale);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        tracker.restore(in);
        stale = in.readBoolean();
    }
}
