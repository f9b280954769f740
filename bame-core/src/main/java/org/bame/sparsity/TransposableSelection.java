package org.bame.sparsity;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keeps large weights such that the mask is N:M along the inputs and along the outputs (transposable: Hubara et al., NeurIPS
 * 2021, arXiv 2102.08124): the weights are cut into tiles of M x M ({@link TileLayout}), and every row and every column of a
 * tile keeps exactly N.
 *
 * <p>Outputs, in a convolution with groups those of each group, that M does not divide leave last tiles of fewer rows (our
 * rule; the paper's layers have none). There too every row keeps exactly N, so that the mask is N:M like any other, and every
 * column at most N: W^T, filled up with zeros to whole blocks, is N:M as well.
 *
 * <p>Infinite scores count as the largest finite one. An instance owns its scratch memory, allocates nothing per call if its
 * solver does not, and is used by one thread at a time.
 */
public final class TransposableSelection {
    private final NmPattern pattern;
    private final TileLayout layout;
    private final TileSolver solver;
    private final float[] magnitudes;
    private final boolean[] kept;

    /** A greedy selection on tiles of M outputs by M inputs. */
    public TransposableSelection(NmPattern pattern) {
        this(pattern, TileLayout.OUTPUTS_BY_INPUTS, new GreedyTileSolver(pattern));
    }

    /**
     * A selection.
     *
     * @throws IllegalArgumentException if the pattern has row groups: outputs that keep the same positions leave columns too
     *     full
     */
    public TransposableSelection(NmPattern pattern, TileLayout layout, TileSolver solver) {
        if (pattern.rowGroup() != 1) {
            throw new IllegalArgumentException("Pattern " + pattern
                    + " makes outputs keep the same positions, expected one whose outputs choose for themselves, as "
                    + new NmPattern(pattern.n(), pattern.m()) + ": columns of a tile keep N too");
        }
        this.pattern = pattern;
        this.layout = layout;
        this.solver = solver;
        this.magnitudes = new float[Math.multiplyExact(pattern.m(), pattern.m())];
        this.kept = new boolean[magnitudes.length];
    }

    /** The pattern. */
    public NmPattern pattern() {
        return pattern;
    }

    /**
     * Selects by the magnitude of 32-bit scores in the weights' memory order.
     *
     * @param scores one native-order float a weight; any alignment
     * @param mask receives the selection; promises no row groups; M divides its inputs
     * @return number of weights whose bit changed
     * @throws ArithmeticException if a score is NaN
     */
    public int select(MemorySegment scores, Mask mask) {
        NmSelection.requireFits(scores.byteSize() / Float.BYTES, mask, pattern);
        int m = pattern.m();
        int stride = layout.rowStride(mask.shape(), pattern);
        int rows = mask.shape().size() / stride;
        int changed = 0;
        int end;
        for (int row = 0; row < rows; row = end) {
            end = layout.tileEnd(row, mask.shape(), pattern);
            int count = end - row;
            for (int first = row * stride; first < (row + 1) * stride; first += m) {
                load(scores, first, count, stride, mask.shape());
                solver.solve(magnitudes, count, kept);
                changed += store(mask, first, count, stride);
            }
        }
        return changed;
    }

    /** As {@link #select(MemorySegment, Mask)}, for scores on the heap. */
    public int select(float[] scores, Mask mask) {
        return select(MemorySegment.ofArray(scores), mask);
    }

    private void load(MemorySegment scores, int first, int rows, int stride, WeightShape shape) {
        int m = pattern.m();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < m; column++) {
                int index = first + row * stride + column;
                float score = Math.abs(scores.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index));
                if (Float.isNaN(score)) {
                    throw NmSelection.notANumber(index, shape, "");
                }
                magnitudes[row * m + column] = Math.min(score, Float.MAX_VALUE);
            }
        }
    }

    private int store(Mask mask, int first, int rows, int stride) {
        int m = pattern.m();
        int changed = 0;
        for (int row = 0; row < rows; row++) {
            for (int from = 0; from < m; from += 64) {
                int count = Math.min(64, m - from);
                long bits = 0;
                for (int i = 0; i < count; i++) {
                    bits |= kept[row * m + from + i] ? 1L << i : 0;
                }
                changed += mask.setBits(first + row * stride + from, count, bits);
            }
        }
        return changed;
    }
}
