package org.bame.sparsity;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Thins a mask along the output axis: of the weights that it keeps at one kernel position and input, in every M consecutive
 * outputs the N of largest magnitude stay. W^T, the matrix of the input gradient, is N:M then. This is the backward mask of
 * Bi-Mask (Zhang et al., ICML 2023, arXiv 2302.06058) and the second pruning of double-pruned methods (SLoPe, Mozaffari et
 * al. 2024, arXiv 2405.15325).
 *
 * <p>"Consecutive" may be in another order of the outputs than memory's: a permutation of the rows, which decides how many
 * weights stay. Ties go to the output that comes first in that order. Outputs that M does not divide leave a last block of
 * fewer, of which at most N stay too: filled up with zeros it is N:M. Each group of a grouped convolution, whose outputs alone
 * are summed in the input gradient, has blocks of its own.
 *
 * <p>An instance owns its scratch memory, which grows to the largest layer, allocates nothing per call else, and is used by
 * one thread at a time.
 */
public final class OutputAxisSelection {
    private static final int MAGNITUDE_BITS = 0x7fff_ffff;
    private static final int INFINITY_BITS = 0x7f80_0000;
    /** Below every key: a place not taken yet. */
    private static final long NONE = -1;

    private final int n;
    private final int m;
    private long[] best = {};
    private int[] counts = {};
    private int[] memoryOrder = {};

    /** A selection that keeps N of M outputs; row groups, which are about inputs, do not matter. */
    public OutputAxisSelection(NmPattern pattern) {
        this.n = pattern.n();
        this.m = pattern.m();
    }

    /** As {@link #select(MemorySegment, Mask, int[], Mask)}, with the outputs in memory order. */
    public int select(MemorySegment scores, Mask among, Mask thinned) {
        int outputs = among.shape().outputs();
        if (memoryOrder.length < outputs) {
            memoryOrder = new int[outputs];
            Arrays.setAll(memoryOrder, output -> output);
        }
        return selectIn(memoryOrder, scores, among, thinned);
    }

    /**
     * Selects by the magnitude of 32-bit scores in the weights' memory order.
     *
     * @param scores one native-order float a weight; any alignment
     * @param among the weights to select among: all others stay out
     * @param order every output once, at a place of its own group (only the length is checked); blocks are M consecutive
     *     entries
     * @param thinned receives the selection; promises no row groups; may be {@code among} itself
     * @return number of weights whose bit changed
     * @throws ArithmeticException if the score of a weight in {@code among} is NaN
     */
    public int select(MemorySegment scores, Mask among, int[] order, Mask thinned) {
        requireWhole(order, among.shape());
        return selectIn(order, scores, among, thinned);
    }

    private int selectIn(int[] order, MemorySegment scores, Mask among, Mask thinned) {
        WeightShape shape = among.shape();
        requireFits(scores.byteSize() / Float.BYTES, shape, thinned);
        int columns = shape.rowLength();
        if (best.length < columns * n) {
            best = new long[Math.multiplyExact(columns, n)];
        }
        int changed = 0;
        int to;
        for (int from = 0; from < shape.outputs(); from = to) {
            to = shape.outputBlockEnd(from, m);
            Arrays.fill(best, 0, columns * n, NONE);
            for (int place = from; place < to; place++) {
                rank(scores, among, order[place], to - place);
            }
            for (int place = from; place < to; place++) {
                changed += thin(scores, among, order[place], to - place, thinned);
            }
        }
        return changed;
    }

    /**
     * How many weights {@link #select(MemorySegment, Mask, int[], Mask)} would keep: no scores are needed, since of k
     * weights that compete for N places min(k, N) stay.
     */
    public int survivors(Mask among, int[] order) {
        WeightShape shape = among.shape();
        requireWhole(order, shape);
        int columns = shape.rowLength();
        if (counts.length < columns) {
            counts = new int[columns];
        }
        int survivors = 0;
        int to;
        for (int from = 0; from < order.length; from = to) {
            to = shape.outputBlockEnd(from, m);
            Arrays.fill(counts, 0, columns, 0);
            for (int place = from; place < to; place++) {
                int first = order[place] * columns;
                int end = first + columns;
                for (int i = among.nextKept(first, end); i >= 0; i = among.nextKept(i + 1, end)) {
                    survivors += counts[i - first]++ < n ? 1 : 0;
                }
            }
        }
        return survivors;
    }

    /** Enters an output's weights into the columns' lists of the N largest. */
    private void rank(MemorySegment scores, Mask among, int output, int placesLeft) {
        int columns = among.shape().rowLength();
        int first = output * columns;
        int end = first + columns;
        for (int i = among.nextKept(first, end); i >= 0; i = among.nextKept(i + 1, end)) {
            long key = key(scores, i, placesLeft);
            if (key >>> 32 > INFINITY_BITS) {
                throw NmSelection.notANumber(i, among.shape(), "");
            }
            int list = (i - first) * n;
            for (int k = list; k < list + n; k++) {
                long displaced = Math.min(best[k], key);
                best[k] = Math.max(best[k], key);
                key = displaced;
            }
        }
    }

    /** Keeps those of an output's weights that are in their column's list. */
    private int thin(MemorySegment scores, Mask among, int output, int placesLeft, Mask thinned) {
        int columns = among.shape().rowLength();
        int first = output * columns;
        int changed = 0;
        for (int from = 0; from < columns; from += 64) {
            int count = Math.min(64, columns - from);
            long bits = 0;
            for (long left = among.bits(first + from, count); left != 0; left &= left - 1) {
                int column = from + Long.numberOfTrailingZeros(left);
                boolean stays = key(scores, first + column, placesLeft) >= best[column * n + n - 1];
                bits |= stays ? Long.lowestOneBit(left) : 0;
            }
            changed += thinned.setBits(first + from, count, bits);
        }
        return changed;
    }

    /** Orders by magnitude, then by falling place: of two equal magnitudes the one with more places left is larger. */
    private static long key(MemorySegment scores, int index, int placesLeft) {
        int bits = scores.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, index) & MAGNITUDE_BITS;
        return (long) bits << 32 | placesLeft;
    }

    private static void requireFits(long scores, WeightShape shape, Mask thinned) {
        if (scores != shape.size()) {
            throw new IllegalArgumentException(
                    "Got " + scores + " scores for weights " + shape + ", expected " + shape.size());
        }
        if (!thinned.shape().equals(shape) || thinned.rowGroup() != 1) {
            throw new IllegalArgumentException("Mask of " + thinned.shape() + " with row groups of " + thinned
                    .rowGroup()
                    + " cannot receive a selection among weights " + shape
                    + ": expected that shape, and no row groups, whose outputs could not differ");
        }
    }

    private static void requireWhole(int[] order, WeightShape shape) {
        if (order.length != shape.outputs()) {
            throw new IllegalArgumentException("Order of " + order.length + " outputs for weights " + shape
                    + ", expected each of " + shape.outputs() + " once");
        }
    }
}
