package org.bame.baselines.slope;

import java.lang.foreign.ValueLayout;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;

/**
 * SLoPe's second pruning: of the weights that the row mask keeps, in each M consecutive outputs at one kernel position and
 * input the N of largest magnitude, or all if there are no more; of equals the lower output. So W^T is N:M along its own
 * reduction axis. Outputs that M does not divide leave a last block of fewer outputs. One thread at a time.
 */
final class DoublePruning {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final NmPattern pattern;
    private final int[] candidates;
    private final float[] magnitudes;

    DoublePruning(NmPattern pattern) {
        this.pattern = pattern;
        this.candidates = new int[pattern.m()];
        this.magnitudes = new float[pattern.m()];
    }

    /**
     * Prunes.
     *
     * @param weights in the masks' order
     * @param mask receives the result
     */
    void prune(Storage weights, Mask rowMask, Mask mask) {
        WeightShape shape = rowMask.shape();
        int length = shape.rowLength();
        for (int output = 0; output < shape.outputs(); output += pattern.m()) {
            int rows = Math.min(pattern.m(), shape.outputs() - output);
            for (int first = output * length; first < (output + 1) * length; first++) {
                pruneBlock(weights, rowMask, first, rows, length, mask);
            }
        }
    }

    private void pruneBlock(Storage weights, Mask rowMask, int first, int rows, int length, Mask mask) {
        int count = 0;
        for (int i = first; i < first + rows * length; i += length) {
            mask.set(i, false);
            if (rowMask.get(i)) {
                candidates[count] = i;
                magnitudes[count] = Math.abs(weights.segment().getAtIndex(FLOAT, i));
                count++;
            }
        }
        for (int i = 0; i < count; i++) {
            mask.set(candidates[i], larger(i, count) < pattern.n());
        }
    }

    /** How many candidates rank before one. */
    private int larger(int candidate, int count) {
        int larger = 0;
        for (int i = 0; i < count; i++) {
            boolean before = i < candidate
                    ? magnitudes[i] >= magnitudes[candidate]
                    : magnitudes[i] > magnitudes[candidate];
            larger += before ? 1 : 0;
        }
        return larger;
    }
}
