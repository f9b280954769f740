package org.bame.kernel;

import java.lang.foreign.ValueLayout;

/**
 * Bits that keep the lanes of images and drop those of padding: all ones for a full block; for the last block ones for
 * its images and zeros behind them. Masking bit by bit lets no NaN of the padding survive, as a product with 0 would.
 */
final class LaneMasks {
    private final Storage open;
    private final Storage tail;
    private final int fullBlocks;

    LaneMasks(BatchLayout batch) {
        open = mask(batch.blockWidth(), batch.blockWidth());
        tail = mask(batch.blockWidth(), batch.imagesIn(batch.blocks() - 1));
        fullBlocks = batch.images() / batch.blockWidth();
    }

    /** Address of the mask of a block, 32 bits a lane. */
    long lanes(int block) {
        return block < fullBlocks ? open.address() : tail.address();
    }

    private static Storage mask(int width, int images) {
        Storage mask = Storage.allocate(ElementType.FLOAT, width);
        for (int i = 0; i < images; i++) {
            mask.segment().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, -1);
        }
        return mask;
    }
}
