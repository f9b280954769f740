package org.bame.datasets.pipeline;

import org.bame.datasets.ImageShape;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.image.Picture;

/** Images that have the extent of a batch's already. */
final class MemoryPictures implements Pictures {

    private final InMemoryImages images;
    private final Picture picture = new Picture();

    MemoryPictures(InMemoryImages images) {
        this.images = images;
    }

    @Override
    public Picture whole(int image) {
        ImageShape shape = images.shape();
        picture.resize(shape.channels(), shape.height(), shape.width());
        images.copyImage(image, picture.pixels(), 0);
        return picture;
    }

    @Override
    public void standard(int image, byte[] target) {
        images.copyImage(image, target, 0);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
