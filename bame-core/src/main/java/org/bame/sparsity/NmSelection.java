package org.bame.sparsity;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Keeps, in every block of M consecutive weights, the N of largest magnitude ({@code topN} of the papers). Ties go to the
 * lowest index, so that a mask depends on the weights alone. Infinities rank above every finite number; NaN is an error,
 * because a mask chosen among NaNs would hide that training diverged.
 *
 * <p>SR-STE selects at every step: the weights are read in chunks that stay in the L1 cache, as the integers whose order
 * is the order of magnitudes, and compared without branches. An instance owns its scratch memory, allocates nothing per
 * call, and is used by one thread at a time.
 */
public final class NmSelection {
    private static final int MAGNITUDE_BITS = 0x7fff_ffff;
    private static final int INFINITY_BITS = 0x7f80_0000;
    private static final int CHUNK_ELEMENTS = 4096;

    private final NmPattern pattern;
    private final int[] chunk;
    private final long[] chunkWords;
    private final long[] best;

    /** A selection by one pattern, for tensors whose size is a multiple of M. */
    public NmSelection(NmPattern pattern) {
        this.pattern = pattern;
        // A chunk begins at a block border and at a word border of the mask.
        int unit = Math.multiplyExact(64 / Math.min(64, Integer.lowestOneBit(pattern.m())), pattern.m());
        int elements = unit * Math.max(1, CHUNK_ELEMENTS / unit);
        this.chunk = new int[elements];
        this.chunkWords = new long[elements / 64];
        this.best = new long[pattern.n()];
    }

    /** The pattern. */
    public NmPattern pattern() {
        return pattern;
    }

    /**
     * Selects by the magnitude of 32-bit scores in the weights' memory order.
     *
     * @param scores one native-order float a weight; any alignment
     * @param mask receives the selection; its size must be that of the scores and a multiple of M
     * @return number of weights whose bit changed
     * @throws ArithmeticException if a score is NaN
     */
    public int select(MemorySegment scores, Mask mask) {
        requireFits(scores.byteSize() / Float.BYTES, mask);
        int changed = 0;
        int size = mask.shape().size();
        for (int from = 0; from < size; from += chunk.length) {
            int count = Math.min(chunk.length, size - from);
            MemorySegment.copy(
                    scores, ValueLayout.JAVA_INT_UNALIGNED, (long) from * Integer.BYTES, chunk, 0, count);
            changed += selectChunk(from, count, mask);
        }
        return changed;
    }

    /** As {@link #select(MemorySegment, Mask)}, for scores on the heap. */
    public int select(float[] scores, Mask mask) {
        requireFits(scores.length, mask);
        int changed = 0;
        for (int from = 0; from < scores.length; from += chunk.length) {
            int count = Math.min(chunk.length, scores.length - from);
            for (int i = 0; i < count; i++) {
                chunk[i] = Float.floatToRawIntBits(scores[from + i]);
            }
            changed += selectChunk(from, count, mask);
        }
        return changed;
    }

    /** Selects N weights of every block at random, every choice of N equally likely. */
    public int selectRandom(RandomGenerator random, Mask mask) {
        int size = mask.shape().size();
        requireFits(size, mask);
        int changed = 0;
        for (int from = 0; from < size; from += chunk.length) {
            int count = Math.min(chunk.length, size - from);
            for (int i = 0; i < count; i++) {
                chunk[i] = random.nextInt(INFINITY_BITS);
            }
            changed += selectChunk(from, count, mask);
        }
        return changed;
    }

    /**
     * Checks that every block keeps exactly N weights.
     *
     * @throws IllegalStateException naming the first block that does not
     */
    public static void requireExactlyN(Mask mask, NmPattern pattern) {
        int m = pattern.m();
        requireWholeBlocks(mask.shape(), pattern);
        for (int block = 0; block < mask.shape().blocks(pattern); block++) {
            int kept = mask.count(block * m, block * m + m);
            if (kept != pattern.n()) {
                throw new IllegalStateException("Block " + block + " (weights " + block * m + " to "
                        + (block * m + m - 1) + " of " + mask.shape() + ") keeps " + kept + " weights, expected "
                        + pattern.n() + " by pattern " + pattern);
            }
        }
    }

    static void requireWholeBlocks(WeightShape shape, NmPattern pattern) {
        if (shape.inputs() % pattern.m() != 0) {
            throw new IllegalArgumentException("Weights " + shape + " have " + shape.inputs()
                    + " inputs, which M of pattern " + pattern + " does not divide: leave the layer dense");
        }
    }

    private void requireFits(long scores, Mask mask) {
        if (scores != mask.shape().size()) {
            throw new IllegalArgumentException(
                    "Got " + scores + " scores for weights " + mask.shape() + ", expected " + mask.shape().size());
        }
        requireWholeBlocks(mask.shape(), pattern);
    }

    private int selectChunk(int from, int count, Mask mask) {
        int words = (count + 63) >>> 6;
        Arrays.fill(chunkWords, 0, words, 0);
        int n = pattern.n();
        long worst;
        if (n == pattern.m()) {
            worst = keepAll(count);
        } else if (n == 1) {
            worst = keepOne(count);
        } else if (n == 2) {
            worst = keepTwo(count);
        } else {
            worst = keepSeveral(count);
        }
        if (worst >>> 32 > INFINITY_BITS) {
            throw notANumber(from, count, mask.shape());
        }
        int changed = 0;
        for (int i = 0; i < words; i++) {
            changed += mask.setBits(from + (i << 6), Math.min(64, count - (i << 6)), chunkWords[i]);
        }
        return changed;
    }

    private long keepAll(int count) {
        long largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, key(i));
            keep(i);
        }
        return largest;
    }

    private long keepOne(int count) {
        int m = pattern.m();
        long largest = 0;
        for (int start = 0; start < count; start += m) {
            long first = key(start);
            for (int i = start + 1; i < start + m; i++) {
                first = Math.max(first, key(i));
            }
            keep(index(first));
            largest = Math.max(largest, first);
        }
        return largest;
    }

    private long keepTwo(int count) {
        int m = pattern.m();
        long largest = 0;
        for (int start = 0; start < count; start += m) {
            long first = Long.MIN_VALUE;
            long second = Long.MIN_VALUE;
            for (int i = start; i < start + m; i++) {
                long key = key(i);
                second = Math.max(second, Math.min(first, key));
                first = Math.max(first, key);
            }
            keep(index(first));
            keep(index(second));
            largest = Math.max(largest, first);
        }
        return largest;
    }

    private long keepSeveral(int count) {
        int m = pattern.m();
        long largest = 0;
        for (int start = 0; start < count; start += m) {
            Arrays.fill(best, Long.MIN_VALUE);
            for (int i = start; i < start + m; i++) {
                long key = key(i);
                for (int k = 0; k < best.length; k++) {
                    long displaced = Math.min(best[k], key);
                    best[k] = Math.max(best[k], key);
                    key = displaced;
                }
            }
            for (long kept : best) {
                keep(index(kept));
            }
            largest = Math.max(largest, best[0]);
        }
        return largest;
    }

    /** Orders by magnitude, then by falling index: of two equal magnitudes the earlier is larger. */
    private long key(int i) {
        return (long) (chunk[i] & MAGNITUDE_BITS) << 32 | MAGNITUDE_BITS - i;
    }

    private static int index(long key) {
        return MAGNITUDE_BITS - (int) key;
    }

    private void keep(int i) {
        chunkWords[i >>> 6] |= 1L << i;
    }

    private ArithmeticException notANumber(int from, int count, WeightShape shape) {
        for (int i = 0; i < count; i++) {
            if ((chunk[i] & MAGNITUDE_BITS) > INFINITY_BITS) {
                return new ArithmeticException("Score " + (from + i) + " of weights " + shape
                        + " is NaN, expected a number: training diverged; lower the learning rate or clip gradients");
            }
        }
        throw new AssertionError("no NaN in the chunk");
    }
}
