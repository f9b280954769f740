package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.MaskedLayer;

/** The gradient that adaptations of a layer judge by: the step's own, or the mean over the last few dense ones. */
final class GradientMean {
    private final MaskedLayer layer;
    private final int batches;
    private final Storage mean;
    private int collected;

    /** @param batches gradients in a mean; of 1 the mean is the layer's gradient itself */
    GradientMean(MaskedLayer layer, int batches) {
        this.layer = layer;
        this.batches = batches;
        this.mean = batches > 1 ? Storage.allocate(ElementType.FLOAT, layer.shape().size()) : null;
    }

    /** Whether gradients have to be collected. */
    boolean averages() {
        return batches > 1;
    }

    /** Takes in the layer's gradient, which is dense. */
    void collect() {
        collected++;
        double share = 1.0 / collected;
        for (int i = 0; i < layer.shape().size(); i++) {
            double before = collected == 1 ? 0 : mean.get(i);
            mean.set(i, before + share * (layer.gradient().get(i) - before));
        }
    }

    /** The mean of what was collected. */
    Storage value() {
        return averages() ? mean : layer.gradient();
    }

    /** Begins anew. */
    void clear() {
        collected = 0;
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(collected);
        for (int i = 0; collected > 0 && i < layer.shape().size(); i++) {
            out.writeFloat((float) mean.get(i));
        }
    }

    void restore(DataInput in) throws IOException {
        collected = in.readInt();
        if (collected < 0 || collected >= batches) {
            throw new IllegalArgumentException("Checkpoint has the mean of " + collected + " gradients of layer "
                    + layer.name() + ", expected fewer than gradientBatches = " + batches
                    + ": it belongs to another run; restore it there, or train anew");
        }
        for (int i = 0; collected > 0 && i < layer.shape().size(); i++) {
            mean.set(i, in.readFloat());
        }
    }
}
