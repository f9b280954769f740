package org.bame.harness;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes folders of small images, one a class. */
public final class ImageFolderFixture {

    private ImageFolderFixture() {}

    /** {@code n0/0.JPEG} and so on: so many images of each of so many classes, whose pictures and extents differ. */
    public static void write(Path folder, int classes, int imagesPerClass) throws IOException {
        for (int label = 0; label < classes; label++) {
            Path classFolder = Files.createDirectories(folder.resolve("n" + label));
            for (int number = 0; number < imagesPerClass; number++) {
                BufferedImage image = new BufferedImage(20 + number, 24 - number, BufferedImage.TYPE_3BYTE_BGR);
                for (int x = 0; x < image.getWidth(); x++) {
                    for (int y = 0; y < image.getHeight(); y++) {
                        image.setRGB(x, y, (label * 25 << 16) + (x * 9 << 8) + y * 10);
                    }
                }
                ImageIO.write(image, "jpg", classFolder.resolve(number + ".JPEG").toFile());
            }
        }
    }
}
