package org.bame.sparsity;

import java.util.Arrays;

/**
 * That the mask of an input gradient is the forward mask thinned along the output axis, over which W^T is summed: of the k
 * weights that the forward mask keeps at one kernel position and input in M consecutive outputs, min(k, N) stay. So W^T is N:M,
 * and no sparser than the thinning makes it. A mask that is N:M both ways is its own thinning.
 *
 * @param pattern N and M; row groups, which are about inputs, do not matter
 * @param permutation in whose order outputs are consecutive; live
 */
public record OutputAxisPromise(NmPattern pattern, OutputPermutation permutation) {

    /** The promise of blocks of outputs that lie one behind the other in memory. */
    public static OutputAxisPromise inMemoryOrder(NmPattern pattern, WeightShape shape) {
        return new OutputAxisPromise(pattern, new OutputPermutation(shape));
    }

    /**
     * Holds the input gradient's support to the promise.
     *
     * @throws IllegalStateException if it is broken; the message tells where, what is kept and what was expected
     */
    public void require(Mask forward, Support inputGradient) {
        WeightShape shape = forward.shape();
        if (!(inputGradient instanceof Support.Masked masked)) {
            throw new IllegalStateException("The input gradient of " + shape
                    + " keeps every weight, expected a mask that is " + pattern + " along the outputs");
        }
        int[] order = permutation.order();
        int to;
        for (int from = 0; from < order.length; from = to) {
            to = shape.outputBlockEnd(from, pattern.m());
            int[] outputs = Arrays.copyOfRange(order, from, to);
            requireOneGroup(outputs, from, shape);
            for (int column = 0; column < shape.rowLength(); column++) {
                requireThinned(outputs, column, forward, masked.mask());
            }
        }
    }

    private static void requireOneGroup(int[] outputs, int place, WeightShape shape) {
        int group = place / shape.groupOutputs();
        for (int output : outputs) {
            if (output / shape.groupOutputs() != group) {
                throw new IllegalStateException("The input gradient of " + shape + " has a block of outputs "
                        + Arrays.toString(outputs) + ", expected outputs of group " + group
                        + " alone: no others are summed with them");
            }
        }
    }

    private void requireThinned(int[] outputs, int column, Mask forward, Mask thinned) {
        int length = forward.shape().rowLength();
        int candidates = 0;
        int kept = 0;
        for (int output : outputs) {
            int weight = output * length + column;
            candidates += forward.get(weight) ? 1 : 0;
            kept += thinned.get(weight) ? 1 : 0;
            if (thinned.get(weight) && !forward.get(weight)) {
                throw new IllegalStateException("The input gradient of " + forward.shape() + " keeps weight " + weight
                        + ", expected none that the forward mask drops");
            }
        }
        int expected = Math.min(candidates, pattern.n());
        if (kept != expected) {
            throw new IllegalStateException("The input gradient of " + forward.shape() + " keeps " + kept
                    + " weights at position " + column + " of outputs " + Arrays.toString(outputs) + ", expected "
                    + expected + " of the " + candidates + " in the forward mask: " + pattern + " along the outputs");
        }
    }
}
