package org.bame.sparsity;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A mutable set of kept weights of one tensor: one bit a weight, in the weights' memory order. This is the currency
 * between methods and kernels: it can say any support, N:M or not. {@link NmMask} is the compact immutable form of an
 * exact N:M mask.
 */
public final class Mask {
    private final WeightShape shape;
    private final long[] words;
    private long version;

    private Mask(WeightShape shape, long[] words) {
        this.shape = shape;
        this.words = words;
    }

    /** A mask that keeps nothing. */
    public static Mask empty(WeightShape shape) {
        return new Mask(shape, new long[(shape.size() + 63) >>> 6]);
    }

    /** A mask that keeps every weight. */
    public static Mask full(WeightShape shape) {
        Mask mask = empty(shape);
        mask.keepAll();
        return mask;
    }

    /** Shape of the tensor. */
    public WeightShape shape() {
        return shape;
    }

    /** Counts changes: a kernel rebuilds its index lists when this number differs from the one it saw. */
    public long version() {
        return version;
    }

    /** Whether weight {@code index} is kept. */
    public boolean get(int index) {
        return (words[index >>> 6] >>> index & 1L) != 0;
    }

    /** Keeps or drops weight {@code index}. */
    public void set(int index, boolean kept) {
        long bit = 1L << index;
        long before = words[index >>> 6];
        long after = kept ? before | bit : before & ~bit;
        if (after != before) {
            words[index >>> 6] = after;
            version++;
        }
    }

    /** The next kept weight at or after {@code from}, or -1 if there is none before {@code end}. */
    public int nextKept(int from, int end) {
        if (from >= end) {
            return -1;
        }
        int word = from >>> 6;
        long bits = words[word] & -1L << from;
        while (bits == 0) {
            if (++word << 6 >= end) {
                return -1;
            }
            bits = words[word];
        }
        int found = (word << 6) + Long.numberOfTrailingZeros(bits);
        return found < end ? found : -1;
    }

    /** Kept weights in all. */
    public int count() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Kept weights among {@code [from, end)}. */
    public int count(int from, int end) {
        int count = 0;
        for (int i = nextKept(from, end); i >= 0; i = nextKept(i + 1, end)) {
            count++;
        }
        return count;
    }

    /** Kept fraction. */
    public double density() {
        return (double) count() / shape.size();
    }

    /** Number of weights kept by exactly one of the two masks (an adaptation's flips). */
    public int difference(Mask other) {
        requireSameShape(other);
        int count = 0;
        for (int i = 0; i < words.length; i++) {
            count += Long.bitCount(words[i] ^ other.words[i]);
        }
        return count;
    }

    /** Takes over the other mask's bits. */
    public void assign(Mask other) {
        requireSameShape(other);
        if (!Arrays.equals(words, other.words)) {
            System.arraycopy(other.words, 0, words, 0, words.length);
            version++;
        }
    }

    /** Adds every weight that the other mask keeps. */
    public void union(Mask other) {
        requireSameShape(other);
        for (int i = 0; i < words.length; i++) {
            long after = words[i] | other.words[i];
            if (after != words[i]) {
                words[i] = after;
                version++;
            }
        }
    }

    /** Adds every weight there is. */
    public void keepAll() {
        for (int i = 0; i < words.length; i++) {
            int left = shape.size() - (i << 6);
            setWord(i, left >= 64 ? -1L : (1L << left) - 1);
        }
    }

    /** An independent copy. */
    public Mask copy() {
        return new Mask(shape, words.clone());
    }

    /** Bits of weights {@code [64 * index, 64 * index + 64)}, lowest first; bits beyond the last weight are 0. */
    public long word(int index) {
        return words[index];
    }

    /** Number of {@link #word words}: {@code ceil(size / 64)}. */
    public int wordCount() {
        return words.length;
    }

    /** Sets one word, whose bits beyond the last weight must be 0; the number of bits that changed. */
    int setWord(int index, long bits) {
        int changed = Long.bitCount(words[index] ^ bits);
        if (changed > 0) {
            words[index] = bits;
            version++;
        }
        return changed;
    }

    /** Writes the bits, for a checkpoint. */
    public void save(DataOutput out) throws IOException {
        out.writeInt(words.length);
        for (long word : words) {
            out.writeLong(word);
        }
    }

    /**
     * Takes over the bits that {@link #save} wrote.
     *
     * @throws IllegalArgumentException if the number of words is another tensor's
     */
    public void restore(DataInput in) throws IOException {
        int saved = in.readInt();
        if (saved != words.length) {
            throw new IllegalArgumentException("Saved mask has " + saved + " words, expected " + words.length
                    + " for weights " + shape + ": the checkpoint belongs to another network; restore it there, or"
                    + " train anew");
        }
        for (int i = 0; i < words.length; i++) {
            words[i] = in.readLong();
        }
        version++;
    }

    private void requireSameShape(Mask other) {
        if (!shape.equals(other.shape)) {
            throw new IllegalArgumentException("Masks of different shapes: " + shape + " and " + other.shape);
        }
    }
}
