package org.bame.kernel;

import java.lang.foreign.ValueLayout;

/** Which lanes of a block hold images and which padding: all ones and zeros, once a float and once a bit. */
final class LaneMasks {
    private final int lastBlock;
    private final Storage open;
    private final Storage tail;
    private final long wordsAt;

    LaneMasks(BatchLayout batch) {
        lastBlock = batch.blocks() - 1;
        wordsAt = (long) batch.blockWidth() * Float.BYTES;
        open = masks(batch.blockWidth(), batch.blockWidth());
        tail = masks(batch.blockWidth(), batch.imagesIn(lastBlock));
    }

    private static Storage masks(int width, int images) {
        Storage masks = Storage.allocate(ElementType.FLOAT, 2L * width);
        for (int i = 0; i < images; i++) {
            masks.segment().setAtIndex(ValueLayout.JAVA_INT, i, -1);
            long word = 2L * width + i / Gates.WORD_BITS;
            int bits = masks.segment().getAtIndex(ValueLayout.JAVA_SHORT, word) | 1 << i % Gates.WORD_BITS;
            masks.segment().setAtIndex(ValueLayout.JAVA_SHORT, word, (short) bits);
        }
        return masks;
    }

    /** Address of the mask of a block, 32 bits a lane. */
    long lanes(int block) {
        return (block == lastBlock ? tail : open).address();
    }

    /** Address of the mask of a block, one bit a lane, in words as {@link Gates} has them. */
    long words(int block) {
        return lanes(block) + wordsAt;
    }
}
