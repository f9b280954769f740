package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.method.MaskedLayer;

/** What a layer's weights were when they were last pruned, for a layer that revives them with these values. */
final class PrunedValues {
    private final MaskedLayer layer;
    private final float[] values;

    /** @param remember false: nothing is kept */
    PrunedValues(MaskedLayer layer, boolean remember) {
        this.layer = layer;
        this.values = new float[remember ? layer.shape().size() : 0];
    }

    /** Notes every weight, before the first pruning. */
    void recordAll() {
        for (int i = 0; i < values.length; i++) {
            record(i);
        }
    }

    /** Notes a weight that is about to be pruned. */
    void record(int i) {
        if (values.length > 0) {
            values[i] = (float) layer.weights().get(i);
        }
    }

    double of(int i) {
        return values[i];
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    void restore(DataInput in) throws IOException {
        int saved = in.readInt();
        if (saved != values.length) {
            throw new IllegalArgumentException("Checkpoint remembers " + saved + " pruned weights of layer "
                    + layer.name() + ", expected " + values.length + " by key revivedValue: it belongs to another run;"
                    + " restore it there, or train anew");
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
    }
}
