package org.bame.baselines.asp;

import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.SparsityPattern;

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

    /**
     * Checks that a mask keeps exactly what a pattern says, in the order of the channels.
     *
     * @throws IllegalStateException if not; the message counts weights in that order
     */
    static void requireExact(Mask mask, int[] channelOrder, SparsityPattern pattern) {
        Mask ordered = Mask.empty(mask.shape());
        for (int i = 0; i < mask.shape().size(); i++) {
            ordered.set(i, mask.get(stored(i, channelOrder)));
        }
        try {
            MaskPromise.EXACT.require(ordered, pattern);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("With the input channels in the searched order: " + e.getMessage(), e);
        }
    }

    /** Where the weight lies that the order puts at index i. */
    private static int stored(int i, int[] channelOrder) {
        int place = i % channelOrder.length;
        return i - place + channelOrder[place];
    }
}
