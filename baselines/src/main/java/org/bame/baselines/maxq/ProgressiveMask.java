package org.bame.baselines.maxq;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;

/**
 * The N:M mask of MaxQ, which arrives step by step: part of the blocks is still dense, or N is still larger. One thread
 * at a time.
 */
final class ProgressiveMask {
    private final NmPattern pattern;
    private final MaxQConfiguration.Ramp ramp;
    private NmSelection selection;
    private int[] norms = {};
    private int[] ordered = {};

    ProgressiveMask(NmPattern pattern, MaxQConfiguration.Ramp ramp) {
        this.pattern = pattern;
        this.ramp = ramp;
        this.selection = new NmSelection(pattern);
    }

    /**
     * Chooses the mask.
     *
     * @param denseShare p, from 0 to 1
     * @param mask receives it
     */
    void choose(Storage weights, double denseShare, Mask mask) {
        boolean shrinking = ramp == MaxQConfiguration.Ramp.SHRINK_N;
        NmPattern current = shrinking ? DenseShareRamp.shrunk(pattern, denseShare) : pattern;
        if (!selection.pattern().equals(current)) {
            selection = new NmSelection(current);
        }
        selection.select(weights.segment(), mask);
        int denseBlocks = (int) Math.floor(denseShare * mask.shape().blocks(pattern));
        if (!shrinking && denseBlocks > 0) {
            fillBlocks(weights, denseBlocks, mask);
        }
    }

    /** Makes the blocks of smallest (inverse: largest) L1 norm dense; of equal norms the lower block first. */
    private void fillBlocks(Storage weights, int count, Mask mask) {
        int blocks = mask.shape().blocks(pattern);
        if (norms.length < blocks) {
            norms = new int[blocks];
            ordered = new int[blocks];
        }
        boolean inverse = ramp == MaxQConfiguration.Ramp.INVERSE_BLOCKS;
        for (int block = 0; block < blocks; block++) {
            int bits = Float.floatToRawIntBits(norm(weights, block));
            norms[block] = inverse ? Integer.MAX_VALUE - bits : bits;
        }
        System.arraycopy(norms, 0, ordered, 0, blocks);
        int last = OrderStatistic.select(ordered, blocks, count - 1);
        int below = 0;
        for (int i = 0; i < count; i++) {
            below += ordered[i] < last ? 1 : 0;
        }
        int ties = count - below;
        for (int block = 0; block < blocks; block++) {
            if (norms[block] < last || norms[block] == last && ties-- > 0) {
                fill(mask, block);
            }
        }
    }

    private float norm(Storage weights, int block) {
        MemorySegment segment = weights.segment();
        float sum = 0;
        for (int i = block * pattern.m(); i < (block + 1) * pattern.m(); i++) {
            sum += Math.abs(segment.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
        }
        return sum;
    }

    private void fill(Mask mask, int block) {
        for (int i = block * pattern.m(); i < (block + 1) * pattern.m(); i++) {
            mask.set(i, true);
        }
    }
}
