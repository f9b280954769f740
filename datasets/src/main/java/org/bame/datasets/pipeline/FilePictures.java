package org.bame.datasets.pipeline;

import org.bame.datasets.ImageFiles;
import org.bame.datasets.image.CentreCrop;
import org.bame.datasets.image.Picture;
import org.bame.datasets.image.PictureDecoder;
import org.bame.datasets.image.Region;
import org.bame.datasets.image.Resampler;

/** Images decoded from their files each time. */
final class FilePictures implements Pictures {

    private final ImageFiles files;
    private final PictureDecoder decoder = new PictureDecoder();
    private final Picture picture = new Picture();
    private final Resampler resampler = new Resampler();

    FilePictures(ImageFiles files) {
        this.files = files;
    }

    @Override
    public Picture whole(int image) {
        decoder.decode(files.file(image), picture);
        return picture;
    }

    @Override
    public void standard(int image, byte[] target) {
        whole(image);
        CentreCrop crop = CentreCrop.of(picture.width(), picture.height(), files.shape());
        Region all = Region.whole(picture.width(), picture.height());
        resampler.resample(picture, all, crop.width(), crop.height(), crop.window(), target);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
