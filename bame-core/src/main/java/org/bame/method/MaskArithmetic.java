package org.bame.method;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntConsumer;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;

/** The passes over the weights outside a mask that several methods share. All storages are {@code FLOAT}, in mask order. */
public final class MaskArithmetic {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private MaskArithmetic() {}

    /**
     * gradient = gradient + lambda (1 - mask) weights: pulls pruned weights of a dense store towards zero (SR-STE, Zhou et
     * al. 2021).
     */
    public static void addMaskedDecay(Storage weights, Mask mask, double lambda, Storage gradient) {
        if (lambda == 0) {
            return;
        }
        MemorySegment w = weights.segment();
        MemorySegment g = gradient.segment();
        float factor = (float) lambda;
        for (int word = 0; word < mask.wordCount(); word++) {
            int base = word << 6;
            for (long bits = dropped(mask, word); bits != 0; bits &= bits - 1) {
                int i = base + Long.numberOfTrailingZeros(bits);
                g.setAtIndex(FLOAT, i, g.getAtIndex(FLOAT, i) + factor * w.getAtIndex(FLOAT, i));
            }
        }
    }

    /** Sets every element outside the mask to 0. */
    public static void zeroOutside(Mask mask, Storage storage) {
        MemorySegment segment = storage.segment();
        forEachDropped(mask, i -> segment.setAtIndex(FLOAT, i, 0f));
    }

    /** Multiplies every element outside the mask by a factor, in single precision. */
    public static void scaleOutside(Mask mask, double factor, Storage storage) {
        MemorySegment segment = storage.segment();
        float scale = (float) factor;
        for (int word = 0; word < mask.wordCount(); word++) {
            int base = word << 6;
            for (long bits = dropped(mask, word); bits != 0; bits &= bits - 1) {
                int i = base + Long.numberOfTrailingZeros(bits);
                segment.setAtIndex(FLOAT, i, scale * segment.getAtIndex(FLOAT, i));
            }
        }
    }

    /** Whether every element outside the mask is 0 already. */
    public static boolean isZeroOutside(Mask mask, Storage storage) {
        MemorySegment segment = storage.segment();
        for (int word = 0; word < mask.wordCount(); word++) {
            for (long bits = dropped(mask, word); bits != 0; bits &= bits - 1) {
                if (segment.getAtIndex(FLOAT, (word << 6) + Long.numberOfTrailingZeros(bits)) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Makes a layer's store sparse: zeroes weights outside the mask and the optimizer's state of these weights. */
    public static void prune(MaskedLayer layer, Mask mask) {
        zeroOutside(mask, layer.weights());
        forEachDropped(mask, layer::resetOptimizerState);
    }

    private static void forEachDropped(Mask mask, IntConsumer action) {
        for (int word = 0; word < mask.wordCount(); word++) {
            for (long bits = dropped(mask, word); bits != 0; bits &= bits - 1) {
                action.accept((word << 6) + Long.numberOfTrailingZeros(bits));
            }
        }
    }

    /** Weights of one word that the mask drops; no bits beyond the last weight. */
    private static long dropped(Mask mask, int word) {
        int weights = mask.shape().size() - (word << 6);
        long existing = weights >= 64 ? -1L : (1L << weights) - 1;
        return ~mask.word(word) & existing;
    }
}
