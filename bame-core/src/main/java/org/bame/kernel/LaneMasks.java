package org.bame.kernel;

import java.lang.foreign.ValueLayout;

/** Which lanes of a block hold images and which padding. */
final class LaneMasks {
    private final int lastBlock;
    private final Storage open;
    private final Storage tail;
    private final int width;
    private final int tailImages;

    LaneMasks(BatchLayout batch) {
        lastBlock = batch.blocks() - 1;
        width = batch.blockWidth();
        tailImages = batch.imagesIn(lastBlock);
        open = masks(width, width);
        tail = masks(width, tailImages);
    }

    private static Storage masks(int width, int images) {
        Storage masks = Storage.allocate(ElementType.FLOAT, width);
        for (int i = 0; i < images; i++) {
            masks.segment().setAtIndex(ValueLayout.JAVA_INT, i, -1);
        }
        return masks;
    }

    /** Address of the mask of a block: 32 ones a lane that holds an image, 32 zeros a lane of padding. */
    long lanes(int block) {
        return (block == lastBlock ? tail : open).address();
    }

    /** The same for the 32 lanes of a block from one on, a bit a lane; bits beyond the block are 0. */
    int bits(int block, int firstLane) {
        int images = block == lastBlock ? tailImages : width;
        int set = Math.clamp(images - firstLane, 0, Integer.SIZE);
        return set == 0 ? 0 : -1 >>> Integer.SIZE - set;
    }
}
