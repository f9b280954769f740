package org.bame.baselines.maxq;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
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

    /** The pattern at the end of the ramp. */
    NmPattern pattern() {
        return pattern;
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
        NmBlocks grid = new NmBlocks(mask.shape(), pattern);
        int denseBlocks = (int) Math.floor(denseShare * grid.count());
        if (!shrinking && denseBlocks > 0) {
            fillBlocks(weights, grid, denseBlocks, mask);
        }
    }

    /** Makes the blocks of smallest (inverse: largest) L1 norm a row dense; of equal norms the lower block first. */
    private void fillBlocks(Storage weights, NmBlocks grid, int count, Mask mask) {
        int blocks = grid.count();
        if (norms.length < blocks) {
            norms = new int[blocks];
            ordered = new int[blocks];
        }
        boolean inverse = ramp == MaxQConfiguration.Ramp.INVERSE_BLOCKS;
        for (int block = 0; block < blocks; block++) {
            int bits = Float.floatToRawIntBits(norm(weights, grid, block));
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
                fill(mask, grid.first(block));
            }
        }
    }

    /** Mean over the block's rows, so that the last group's blocks, which may have fewer, compare with the others. */
    private float norm(Storage weights, NmBlocks grid, int block) {
        MemorySegment segment = weights.segment();
        int rows = grid.rows(block);
        float sum = 0;
        for (int row = 0; row < rows; row++) {
            int first = grid.first(block) + row * grid.shape().rowLength();
            for (int i = first; i < first + pattern.m(); i++) {
                sum += Math.abs(segment.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
            }
        }
        return sum / rows;
    }

    private void fill(Mask mask, int first) {
        for (int i = first; i < first + pattern.m(); i++) {
            mask.set(i, true);
        }
    }
}
