package org.bame.baselines.sste;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;

/**
 * The function S of S-STE (Hu et al., NeurIPS 2024): every weight of a block loses as much of its magnitude as the largest one
 * that is pruned has, {@code S(w) = sign(w) max(|w| - th, 0)}, th the (M - N)-th smallest magnitude of the block (published for
 * 2:4, where it is the second smallest; N:M is derived). So S is continuous where two weights swap ranks, unlike a mask.
 *
 * <p>Where outputs share positions ({@link NmPattern#rowGroup}; assumed, not published), a position's magnitude is the L1 norm of
 * its weights, and they lose the same share of theirs: still continuous, and the same for single rows. One thread at a time.
 */
final class SoftThresholding {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final NmPattern pattern;
    private final NmSelection selection;
    private final float[] magnitudes;

    SoftThresholding(NmPattern pattern) {
        this.pattern = pattern;
        this.selection = new NmSelection(pattern);
        this.magnitudes = new float[pattern.m()];
    }

    /** The pattern. */
    NmPattern pattern() {
        return pattern;
    }

    /**
     * Computes S.
     *
     * @param weights w, in the mask's order
     * @param mask receives where S is not 0: N positions a block, fewer where the N-th and the next magnitude are equal
     * @param result receives S(w)
     * @throws ArithmeticException if a weight is NaN
     */
    void compute(Storage weights, Mask mask, Storage result) {
        selection.select(weights.segment(), mask);
        NmBlocks blocks = new NmBlocks(mask.shape(), pattern);
        int length = mask.shape().rowLength();
        for (int block = 0; block < blocks.count(); block++) {
            int first = blocks.first(block);
            int rows = blocks.rows(block);
            measure(weights.segment(), first, rows, length);
            float threshold = largestPruned(mask, first);
            for (int i = 0; i < pattern.m(); i++) {
                boolean kept = mask.get(first + i) && magnitudes[i] > threshold;
                if (!kept) {
                    mask.set(first + i, false);
                }
                float share = kept ? (magnitudes[i] - threshold) / magnitudes[i] : 0;
                scale(weights.segment(), first + i, rows, length, share, result.segment());
            }
        }
    }

    /** The scale that keeps S(w) near w: {@code <w, S> / <S, S>}; 1 if S is 0. */
    static double scale(Storage weights, Storage thresholded) {
        double product = 0;
        double square = 0;
        for (long i = 0; i < weights.size(); i++) {
            double s = thresholded.get(i);
            product += weights.get(i) * s;
            square += s * s;
        }
        return square == 0 ? 1 : product / square;
    }

    private void measure(MemorySegment weights, int first, int rows, int length) {
        for (int i = 0; i < pattern.m(); i++) {
            float sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += Math.abs(weights.getAtIndex(FLOAT, first + row * length + i));
            }
            magnitudes[i] = sum;
        }
    }

    private float largestPruned(Mask mask, int first) {
        float largest = 0;
        for (int i = 0; i < pattern.m(); i++) {
            if (!mask.get(first + i)) {
                largest = Math.max(largest, magnitudes[i]);
            }
        }
        return largest;
    }

    private static void scale(
            MemorySegment weights, int at, int rows, int length, float share, MemorySegment result) {
        for (int row = 0; row < rows; row++) {
            int i = at + row * length;
            result.setAtIndex(FLOAT, i, share * weights.getAtIndex(FLOAT, i));
        }
    }
}
