package org.bame.datasets.pipeline;

import org.bame.datasets.ImageFiles;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.image.Picture;

/** Gives the pixels of a set's images, before augmentation. May keep buffers; for one thread. */
interface Pictures extends AutoCloseable {

    /** The pictures of a set. */
    static Pictures of(LabelledImages images) {
        return switch (images) {
            case InMemoryImages inMemory -> new MemoryPictures(inMemory);
            case ImageFiles files -> new FilePictures(files);
        };
    }

    /** A whole picture, at the size it has; valid until the next call. */
    Picture whole(int image);

    /**
     * An image at the extent that batches have, as it is evaluated.
     *
     * @param image index
     * @param target receives unsigned bytes {@code [channel][row][column]}
     */
    void standard(int image, byte[] target);

    /** Releases decoders. */
    @Override
    void close();
}
