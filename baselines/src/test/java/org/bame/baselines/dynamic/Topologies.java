package org.bame.baselines.dynamic;

import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;

/** Updates of masks that are written down in tests. */
public final class Topologies {
    private Topologies() {}

    /**
     * What a topology makes of a mask whose weights are those that are not 0.
     *
     * @return the next mask, 1 for a kept weight
     */
    public static String evolve(Topology topology, float[] weights, float[] gradient, double share, Mask empty) {
        Mask mask = empty.copy();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != 0) {
                mask.set(i, true);
            }
        }
        return evolveMask(topology, weights, gradient, share, mask);
    }

    /** The same for another mask. */
    public static String evolveMask(Topology topology, float[] weights, float[] gradient, double share, Mask mask) {
        Mask next = mask.copy();
        topology.evolve(new Topology.Update(7, share, storage(weights), storage(gradient), mask), next);
        return text(next, mask.shape().rowLength());
    }

    /** A mask as text, with a space behind each {@code length} weights. */
    public static String text(Mask mask, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < mask.shape().size(); i++) {
            text.append(i > 0 && i % length == 0 ? " " : "").append(mask.get(i) ? 1 : 0);
        }
        return text.toString();
    }

    /** The values in memory of their own. */
    public static Storage storage(float... values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }
}
