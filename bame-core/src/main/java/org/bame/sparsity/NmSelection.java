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
 * <p>Where outputs share positions ({@link NmPattern#rowGroup}), a position's score is the sum of its weights' magnitudes
 * (the L1 norm of the group). Top-N keeps the largest total magnitude that an N:M mask can keep; with this score it does so
 * among the masks whose rows agree. The sum is of floats, in the order of the rows.
 *
 * <p>SR-STE selects at every step: the weights are read in chunks that stay in the L1 cache, as the integers whose order
 * is the order of magnitudes, and compared without branches. An instance owns its scratch memory, allocates nothing per
 * call, and is used by one thread at a time.
 */
public final class NmSelection implements MaskSelection {
    private static final int MAGNITUDE_BITS = 0x7fff_ffff;
    private static final int INFINITY_BITS = 0x7f80_0000;
    private static final int CHUNK_ELEMENTS = 4096;

    private final NmPattern pattern;
    private final int[] chunk;
    private final long[] chunkWords;
    private final long[] best;
    private final float[] row;
    private final float[] sums;

    /** A selection by one pattern, for tensors whose size is a multiple of M. */
    public NmSelection(NmPattern pattern) {
        this.pattern = pattern;
        // A chunk begins at a block border and at a word border of the mask.
        int unit = Math.multiplyExact(64 / Math.min(64, Integer.lowestOneBit(pattern.m())), pattern.m());
        int elements = unit * Math.max(1, CHUNK_ELEMENTS / unit);
        this.chunk = new int[elements];
        this.chunkWords = new long[elements / 64];
        this.best = new long[pattern.n()];
        this.row = new float[pattern.rowGroup() == 1 ? 0 : elements];
        this.sums = new float[row.length];
    }

    @Override
    public NmPattern pattern() {
        return pattern;
    }

    /**
     * {@inheritDoc}
     *
     * @param mask receives the selection; its size must be that of the scores and a multiple of M
     */
    @Override
    public int select(MemorySegment scores, Mask mask) {
        requireFits(scores.byteSize() / Float.BYTES, mask, pattern);
        WeightShape shape = mask.shape();
        int group = pattern.rowGroup();
        if (group == 1) {
            // Blocks end where rows end: all rows may be read as one.
            return selectGroup(scores, 0, shape.size(), 1, mask);
        }
        int changed = 0;
        for (int output = 0; output < shape.outputs(); output += group) {
            int first = output * shape.rowLength();
            changed += selectGroup(scores, first, shape.rowLength(), Math.min(group, shape.outputs() - output), mask);
        }
        return changed;
    }

    /** Selects N weights of every block at random, every choice of N equally likely. */
    @Override
    public int selectRandom(RandomGenerator random, Mask mask) {
        WeightShape shape = mask.shape();
        float[] scores = new float[shape.size()];
        // One draw a position: sums of draws would overflow, and tie.
        for (int output = 0; output < shape.outputs(); output += pattern.rowGroup()) {
            int first = output * shape.rowLength();
            for (int i = first; i < first + shape.rowLength(); i++) {
                scores[i] = Float.intBitsToFloat(random.nextInt(INFINITY_BITS));
            }
        }
        return select(scores, mask);
    }

    static void requireFits(long scores, Mask mask, NmPattern pattern) {
        if (scores != mask.shape().size()) {
            throw new IllegalArgumentException(
                    "Got " + scores + " scores for weights " + mask.shape() + ", expected " + mask.shape().size());
        }
        NmBlocks.requireWhole(mask.shape(), pattern);
        if (pattern.rowGroup() % mask.rowGroup() != 0) {
            throw new IllegalArgumentException("Mask of " + mask.shape() + " promises that each " + mask.rowGroup()
                    + " outputs agree, which pattern " + pattern + " breaks: make the mask with row groups of "
                    + pattern.rowGroup());
        }
    }

    /** Selects for a group of {@code rows} outputs of {@code length} scores each, the first score at {@code first}. */
    private int selectGroup(MemorySegment scores, int first, int length, int rows, Mask mask) {
        int changed = 0;
        for (int from = first; from < first + length; from += chunk.length) {
            int count = Math.min(chunk.length, first + length - from);
            load(scores, from, count, length, rows);
            selectChunk(from, count, mask.shape());
            for (int place = from; place < from + rows * length; place += length) {
                changed += store(mask, place, count);
            }
        }
        return changed;
    }

    private void load(MemorySegment scores, int from, int count, int length, int rows) {
        if (rows == 1) {
            MemorySegment.copy(
                    scores, ValueLayout.JAVA_INT_UNALIGNED, (long) from * Float.BYTES, chunk, 0, count);
            return;
        }
        Arrays.fill(sums, 0, count, 0f);
        for (int place = from; place < from + rows * length; place += length) {
            MemorySegment.copy(
                    scores, ValueLayout.JAVA_FLOAT_UNALIGNED, (long) place * Float.BYTES, row, 0, count);
            for (int i = 0; i < count; i++) {
                sums[i] += Math.abs(row[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            chunk[i] = Float.floatToRawIntBits(sums[i]);
        }
    }

    private int store(Mask mask, int from, int count) {
        int changed = 0;
        for (int i = 0; i < count; i += 64) {
            changed += mask.setBits(from + i, Math.min(64, count - i), chunkWords[i >>> 6]);
        }
        return changed;
    }

    private void selectChunk(int from, int count, WeightShape shape) {
        Arrays.fill(chunkWords, 0, (count + 63) >>> 6, 0);
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
            throw notANumber(from, count, shape);
        }
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
                String sharers = pattern.rowGroup() == 1 ? "" : ", or another at its position in its group,";
                return notANumber(from + i, shape, sharers);
            }
        }
        throw new AssertionError("no NaN in the chunk");
    }

    /** The error of a score that is NaN. */
    static ArithmeticException notANumber(int index, WeightShape shape, String sharers) {
        return new ArithmeticException("Score " + index + " of weights " + shape + sharers
                + " is NaN, expected a number: training diverged; lower the learning rate or clip gradients");
    }
}
