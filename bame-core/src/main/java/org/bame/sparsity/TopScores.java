package org.bame.sparsity;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Keeps the k scores of largest magnitude of a range, ties to the lowest index. The k-th largest magnitude is found digit by
 * digit: as integers, magnitudes have the order of the numbers, and a histogram of one digit among those whose higher digits
 * are the threshold's tells its next digit. Four passes over the scores and one that sets the bits, whatever the scores are;
 * nothing is copied or sorted.
 *
 * <p>Allocates nothing per call; one thread at a time.
 */
public final class TopScores {
    static final int INFINITY_BITS = 0x7f80_0000;

    private static final int MAGNITUDE_BITS = 0x7fff_ffff;
    private static final int DIGIT_BITS = 8;
    private static final int DIGITS = 1 << DIGIT_BITS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final int[] histogram = new int[DIGITS];

    /**
     * Chooses anew which weights of {@code [from, end)} a mask keeps.
     *
     * @param scores one native-order float for each of the mask's weights
     * @param kept k, from 0 to {@code end - from}
     * @return number of weights whose bit changed
     * @throws ArithmeticException if a score of the range is NaN
     */
    public int select(MemorySegment scores, int from, int end, int kept, Mask mask) {
        requireFits(scores, from, end, kept, mask);
        int threshold = 0;
        int left = kept;
        for (int shift = Integer.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
            int largest = count(scores, from, end, threshold, shift);
            if (largest > INFINITY_BITS) {
                throw notANumber(scores, from, end, mask.shape());
            }
            int digit = DIGITS - 1;
            while (histogram[digit] < left) {
                left -= histogram[digit--];
            }
            threshold |= digit << shift;
        }
        // Of nothing to keep the digits are all ones, which is no magnitude.
        return keep(scores, from, end, threshold & MAGNITUDE_BITS, left, mask);
    }

    /** Counts the digits at {@code shift} of the magnitudes that begin as the threshold does; returns the largest magnitude. */
    private int count(MemorySegment scores, int from, int end, int threshold, int shift) {
        Arrays.fill(histogram, 0);
        int higher = threshold >>> shift >>> DIGIT_BITS;
        int largest = 0;
        for (int i = from; i < end; i++) {
            int magnitude = magnitude(scores, i);
            if (magnitude >>> shift >>> DIGIT_BITS == higher) {
                histogram[magnitude >>> shift & DIGITS - 1]++;
            }
            largest = Math.max(largest, magnitude);
        }
        return largest;
    }

    /** Keeps what is above the threshold, and the first {@code ties} that equal it. */
    private static int keep(MemorySegment scores, int from, int end, int threshold, int ties, Mask mask) {
        int changed = 0;
        int left = ties;
        for (int first = from; first < end; first += 64) {
            int count = Math.min(64, end - first);
            long bits = 0;
            for (int i = 0; i < count; i++) {
                int magnitude = magnitude(scores, first + i);
                boolean tied = magnitude == threshold && left > 0;
                if (tied) {
                    left--;
                }
                if (tied || magnitude > threshold) {
                    bits |= 1L << i;
                }
            }
            changed += mask.setBits(first, count, bits);
        }
        return changed;
    }

    private static int magnitude(MemorySegment scores, int i) {
        return scores.getAtIndex(INT, i) & MAGNITUDE_BITS;
    }

    private static void requireFits(MemorySegment scores, int from, int end, int kept, Mask mask) {
        WeightShape shape = mask.shape();
        if (scores.byteSize() != (long) shape.size() * Float.BYTES) {
            throw new IllegalArgumentException("Got " + scores.byteSize() / Float.BYTES + " scores for weights " + shape
                    + ", expected " + shape.size());
        }
        if (from < 0 || from >= end || end > shape.size() || kept < 0 || kept > end - from) {
            throw new IllegalArgumentException("Got " + kept + " to keep of weights " + from + " to " + (end - 1)
                    + " of " + shape + ", expected a range of these " + shape.size() + " and at most all of it");
        }
        if (mask.rowGroup() > 1) {
            throw new IllegalArgumentException("Mask of " + shape + " promises that each " + mask.rowGroup()
                    + " outputs agree, but weights are chosen one by one: make the mask without row groups");
        }
    }

    private static ArithmeticException notANumber(MemorySegment scores, int from, int end, WeightShape shape) {
        for (int i = from; i < end; i++) {
            if (magnitude(scores, i) > INFINITY_BITS) {
                return new ArithmeticException("Score " + i + " of weights " + shape
                        + " is NaN, expected a number: training diverged; lower the learning rate or clip gradients");
            }
        }
        throw new AssertionError("no NaN in the range");
    }
}
