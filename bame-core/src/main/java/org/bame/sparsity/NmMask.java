package org.bame.sparsity;

import java.util.Arrays;

/**
 * An exact N:M mask in compact, immutable form: for every {@link NmBlocks block} the N kept positions within it, rising.
 * This is the metadata of packed N:M weights: a byte an index while M is at most 256, else two. Outputs that share
 * positions store them once.
 */
public final class NmMask {
    private static final int BYTE_INDEX_LIMIT = 1 << 8;
    private static final int SHORT_INDEX_LIMIT = 1 << 16;

    private final WeightShape shape;
    private final NmPattern pattern;
    private final byte[] byteIndices;
    private final short[] shortIndices;

    private NmMask(WeightShape shape, NmPattern pattern, byte[] byteIndices, short[] shortIndices) {
        this.shape = shape;
        this.pattern = pattern;
        this.byteIndices = byteIndices;
        this.shortIndices = shortIndices;
    }

    /**
     * Packs a mask.
     *
     * @throws IllegalStateException if a block does not keep exactly N weights, or its rows disagree; the message names the
     *     first such block or row
     * @throws IllegalArgumentException if M does not divide the inputs, or is larger than 65536
     */
    public static NmMask of(Mask mask, NmPattern pattern) {
        if (pattern.m() > SHORT_INDEX_LIMIT) {
            throw new IllegalArgumentException(
                    "Pattern " + pattern + " has M = " + pattern.m() + ", expected at most " + SHORT_INDEX_LIMIT);
        }
        MaskPromise.EXACT.require(mask, pattern);
        NmBlocks blocks = new NmBlocks(mask.shape(), pattern);
        int indices = Math.multiplyExact(blocks.count(), pattern.n());
        boolean narrow = pattern.m() <= BYTE_INDEX_LIMIT;
        byte[] bytes = narrow ? new byte[indices] : null;
        short[] shorts = narrow ? null : new short[indices];
        int next = 0;
        for (int block = 0; block < blocks.count(); block++) {
            int first = blocks.first(block);
            int end = first + pattern.m();
            for (int i = mask.nextKept(first, end); i >= 0; i = mask.nextKept(i + 1, end)) {
                if (narrow) {
                    bytes[next++] = (byte) (i - first);
                } else {
                    shorts[next++] = (short) (i - first);
                }
            }
        }
        return new NmMask(mask.shape(), pattern, bytes, shorts);
    }

    /** Shape of the tensor. */
    public WeightShape shape() {
        return shape;
    }

    /** The pattern. */
    public NmPattern pattern() {
        return pattern;
    }

    /** Number of blocks. */
    public int blocks() {
        return shape.blocks(pattern);
    }

    /**
     * Position within block {@code block} of its kept weight number {@code rank}, positions rising with the rank.
     *
     * @param rank from 0 to N - 1
     */
    public int positionInBlock(int block, int rank) {
        int i = block * pattern.n() + rank;
        return byteIndices != null ? byteIndices[i] & 0xff : shortIndices[i] & 0xffff;
    }

    /** Bytes that the indices take (the kept weights themselves not counted). */
    public long packedBytes() {
        return byteIndices != null ? byteIndices.length : 2L * shortIndices.length;
    }

    /** The same mask, one bit a weight; its rows promise to agree as the pattern says. */
    public Mask toMask() {
        Mask mask = Mask.empty(shape, pattern.rowGroup());
        NmBlocks blocks = new NmBlocks(shape, pattern);
        for (int block = 0; block < blocks.count(); block++) {
            for (int rank = 0; rank < pattern.n(); rank++) {
                mask.set(blocks.first(block) + positionInBlock(block, rank), true);
            }
        }
        return mask;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NmMask that
                && shape.equals(that.shape)
                && pattern.equals(that.pattern)
                && Arrays.equals(byteIndices, that.byteIndices)
                && Arrays.equals(shortIndices, that.shortIndices);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(byteIndices) + Arrays.hashCode(shortIndices) + pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern + " mask of " + shape;
    }
}
