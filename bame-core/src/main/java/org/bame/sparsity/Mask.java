package org.bame.sparsity;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A mutable set of kept weights of one tensor: one bit a weight, in the weights' memory order. This is the currency
 * between methods and kernels: it can say any support, N:M or not. {@link NmMask} is the compact immutable form of an
 * exact N:M mask.
 *
 * <p>A mask may promise that each {@link #rowGroup} consecutive outputs, from output 0, keep the same positions (the last
 * group is shorter if the outputs are no multiple). No method can break this promise, so a kernel may rely on it: one
 * index list then serves all rows of a group. In the input gradient, whose matrix is W^T, it makes the channels that are
 * summed (the outputs) come in runs of rowGroup at the same tap.
 */
public final class Mask {
    private final WeightShape shape;
    private final int rowGroup;
    private final long[] words;
    private long version;

    private Mask(WeightShape shape, int rowGroup, long[] words) {
        if (rowGroup < 1) {
            throw new IllegalArgumentException("Row group " + rowGroup + ", expected at least 1 output");
        }
        this.shape = shape;
        this.rowGroup = rowGroup;
        this.words = words;
    }

    /** A mask that keeps nothing, each output for itself. */
    public static Mask empty(WeightShape shape) {
        return empty(shape, 1);
    }

    /** A mask that keeps nothing, and in which each {@code rowGroup} consecutive outputs will always agree. */
    public static Mask empty(WeightShape shape, int rowGroup) {
        return new Mask(shape, rowGroup, new long[(shape.size() + 63) >>> 6]);
    }

    /** A mask that keeps every weight, each output for itself. */
    public static Mask full(WeightShape shape) {
        return full(shape, 1);
    }

    /** A mask that keeps every weight, and in which each {@code rowGroup} consecutive outputs will always agree. */
    public static Mask full(WeightShape shape, int rowGroup) {
        Mask mask = empty(shape, rowGroup);
        mask.keepAll();
        return mask;
    }

    /** Shape of the tensor. */
    public WeightShape shape() {
        return shape;
    }

    /** Consecutive outputs that are promised to keep the same positions; 1: no promise. */
    public int rowGroup() {
        return rowGroup;
    }

    /** Whether each {@code group} consecutive outputs, from output 0, keep the same positions now, promised or not. */
    public boolean rowsAgree(int group) {
        return disagreeingOutput(group) < 0;
    }

    /** The first output that keeps other positions than the first one of its group of {@code group} outputs, or -1. */
    int disagreeingOutput(int group) {
        int length = shape.rowLength();
        for (int output = 0; output < shape.outputs(); output++) {
            int first = output - output % group;
            for (int from = 0; first < output && from < length; from += 64) {
                int count = Math.min(64, length - from);
                if (bits(first * length + from, count) != bits(output * length + from, count)) {
                    return output;
                }
            }
        }
        return -1;
    }

    /** Counts changes: a kernel rebuilds its index lists when this number differs from the one it saw. */
    public long version() {
        return version;
    }

    /** Whether weight {@code index} is kept. */
    public boolean get(int index) {
        return (words[index >>> 6] >>> index & 1L) != 0;
    }

    /** Keeps or drops weight {@code index}, and with it the weights at its position in the other rows of its group. */
    public void set(int index, boolean kept) {
        if (rowGroup == 1) {
            setBit(index, kept);
            return;
        }
        int length = shape.rowLength();
        int row = index / length;
        int first = row - row % rowGroup;
        int end = Math.min(first + rowGroup, shape.outputs());
        for (int member = first; member < end; member++) {
            setBit(index + (member - row) * length, kept);
        }
    }

    private void setBit(int index, boolean kept) {
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

    /**
     * Takes over the other mask's bits.
     *
     * @throws IllegalArgumentException if its rows disagree within this mask's groups
     */
    public void assign(Mask other) {
        requireSameShape(other);
        requireAgreement(other);
        if (!Arrays.equals(words, other.words)) {
            System.arraycopy(other.words, 0, words, 0, words.length);
            version++;
        }
    }

    /**
     * Adds every weight that the other mask keeps.
     *
     * @throws IllegalArgumentException if its rows disagree within this mask's groups
     */
    public void union(Mask other) {
        requireSameShape(other);
        requireAgreement(other);
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

    /** An independent copy, with the same promise. */
    public Mask copy() {
        return new Mask(shape, rowGroup, words.clone());
    }

    /** Bits of weights {@code [64 * index, 64 * index + 64)}, lowest first; bits beyond the last weight are 0. */
    public long word(int index) {
        return words[index];
    }

    /** Number of {@link #word words}: {@code ceil(size / 64)}. */
    public int wordCount() {
        return words.length;
    }

    /** Bits of weights {@code [from, from + count)}, lowest first; {@code count} from 1 to 64. */
    long bits(int from, int count) {
        int word = from >>> 6;
        int shift = from & 63;
        long bits = words[word] >>> shift;
        if (shift + count > 64) {
            bits |= words[word + 1] << 64 - shift;
        }
        return bits & -1L >>> 64 - count;
    }

    /**
     * Sets the bits of weights {@code [from, from + count)}, {@code count} from 1 to 64, of one row alone: whoever calls
     * this sets the other rows of its group alike.
     *
     * @param bits lowest first; bits beyond {@code count} must be 0
     * @return the number of bits that changed
     */
    int setBits(int from, int count, long bits) {
        int word = from >>> 6;
        int shift = from & 63;
        long range = -1L >>> 64 - count;
        int changed = setWord(word, words[word] & ~(range << shift) | bits << shift);
        if (shift + count > 64) {
            changed += setWord(word + 1, words[word + 1] & ~(range >>> 64 - shift) | bits >>> 64 - shift);
        }
        return changed;
    }

    /** Sets one word, whose bits beyond the last weight must be 0; the number of bits that changed. */
    private int setWord(int index, long bits) {
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
     * @throws IllegalArgumentException if the number of words is another tensor's, or rows of a group disagree; nothing has
     *     changed then
     */
    public void restore(DataInput in) throws IOException {
        int saved = in.readInt();
        if (saved != words.length) {
            throw new IllegalArgumentException("Saved mask has " + saved + " words, expected " + words.length
                    + " for weights " + shape + ": the checkpoint belongs to another network; restore it there, or"
                    + " train anew");
        }
        Mask read = empty(shape);
        for (int i = 0; i < saved; i++) {
            read.words[i] = in.readLong();
        }
        requireAgreement(read);
        System.arraycopy(read.words, 0, words, 0, saved);
        version++;
    }

    private void requireAgreement(Mask other) {
        int output = other.rowGroup % rowGroup == 0 ? -1 : other.disagreeingOutput(rowGroup);
        if (output >= 0) {
            throw new IllegalArgumentException("Output " + output + " of mask of " + shape
                    + " keeps other positions than the first of its group, expected each " + rowGroup
                    + " consecutive outputs to agree: choose the mask by a pattern that ends with /g" + rowGroup);
        }
    }

    private void requireSameShape(Mask other) {
        if (!shape.equals(other.shape)) {
            throw new IllegalArgumentException("Masks of different shapes: " + shape + " and " + other.shape);
        }
    }
}
