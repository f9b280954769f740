package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

/** Where a gather's numbers lie: byte offsets of blocks, lines, pixels and rows in the source and the target. */
final class GatherAddresses {
    private final Correlation gather;
    private final long rowBytes;
    private final long pixelBytes;
    private final long stepBytes;
    private final long sourcePixelBytes;
    private final long sourceBlockBytes;
    private final long targetBlockBytes;

    GatherAddresses(Correlation gather, FeatureShape source, FeatureShape target, BatchLayout batch) {
        this.gather = gather;
        this.rowBytes = (long) batch.blockWidth() * Float.BYTES;
        this.pixelBytes = target.channels() * rowBytes;
        this.stepBytes = gather.along().targetStep() * pixelBytes;
        this.sourcePixelBytes = source.channels() * rowBytes;
        this.sourceBlockBytes = source.elementsPerImage() * rowBytes;
        this.targetBlockBytes = target.elementsPerImage() * rowBytes;
    }

    long sourceBlock(int block) {
        return block * sourceBlockBytes;
    }

    /** Offset of the start of a source line. */
    long source(int block, int line) {
        return sourceBlock(block) + (long) line * gather.across().sourcePixels() * sourcePixelBytes;
    }

    /** Offset of row 0 of a target pixel. */
    long target(int block, int line, int pixel) {
        return block * targetBlockBytes + gather.targetPixel(line, pixel) * pixelBytes;
    }

    /** Bytes from a row of a target pixel to the next: those of a block's images. */
    long rowBytes() {
        return rowBytes;
    }

    /** Bytes from a target pixel to the next of its line. */
    long stepBytes() {
        return stepBytes;
    }

    /** Bytes from a line of target pixels to the next. */
    long lineBytes() {
        return gather.across().targetStep() * pixelBytes;
    }

    /**
     * Tells the tiles of so many vectors a pixel where their target lies.
     *
     * @param fromZero whether their sums start from zero, not from what the target holds
     */
    void describe(TilePass pass, int vectors, boolean fromZero) {
        pass.rowBytes = rowBytes;
        pass.pairBytes = vectors == 2 ? stepBytes : 2 * stepBytes;
        pass.secondBytes = vectors == 2 ? VECTOR_BYTES : stepBytes;
        pass.startRowBytes = fromZero ? 0 : pass.rowBytes;
        pass.startPairBytes = fromZero ? 0 : pass.pairBytes;
        pass.startSecondBytes = fromZero ? 0 : pass.secondBytes;
    }

    /** Tells a tile of a scatter, whose source is this gather's target, where that lies. */
    void describe(ScatterPass pass) {
        pass.rowBytes = rowBytes;
        pass.stepBytes = stepBytes;
    }

    /** Writes zeros into a tile. */
    static void clear(TilePass pass, int rows, int vectors, long to) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < vectors; i++) {
                Native.clear(to + row * pass.rowBytes + i / 2 * pass.pairBytes + i % 2 * pass.secondBytes,
                        VECTOR_BYTES);
            }
        }
    }
}
