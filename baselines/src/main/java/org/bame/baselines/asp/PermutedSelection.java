package org.bame.baselines.asp;

import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmSelection;

/** Top-N among input channels that are consecutive in another order than the weights'. */
final class PermutedSelection {
    private PermutedSelection() {}

    /**
     * Selects.
     *
     * @param weights in mask order
     * @param channelOrder the channel at each place; blocks are M consecutive places
     * @param mask receives the selection, in the weights' order
     * @return number of weights whose bit changed
     */
    static int select(NmSelection selection, Storage weights, int[] channelOrder, Mask mask) {
        float[] ordered = new float[mask.shape().size()];
        for (int i = 0; i < ordered.length; i++) {
            ordered[i] = (float) weights.get(stored(i, channelOrder));
        }
        Mask orderedMask = Mask.empty(mask.shape(), mask.rowGroup());
        selection.select(ordered, orderedMask);
        Mask next = Mask.empty(mask.shape(), mask.rowGroup());
        for (int i = orderedMask.nextKept(0, ordered.length); i >= 0; i = orderedMask
                .nextKept(i + 1, ordered.length)) {
            next.set(stored(i, channelOrder), true);
        }
        int changed = mask.difference(next);
        mask.assign(next);
        return changed;
    }

    /** Where the weight lies that the order puts at index i. */
    private static int stored(int i, int[] channelOrder) {
        int place = i % channelOrder.length;
        return i - place + channelOrder[place];
    }
}
