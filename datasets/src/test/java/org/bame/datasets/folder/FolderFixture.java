package org.bame.datasets.folder;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Writes small image files. */
public final class FolderFixture {

    private FolderFixture() {}

    /** A JPEG with a random picture, whose file ends in {@code .JPEG}; makes the folders above it. */
    public static void write(Path file, int width, int height, long seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        int base = random.nextInt(1 << 24);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                image.setRGB(x, y, base + x * 0x010203 + y * 0x030100);
            }
        }
        try {
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "jpg", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code PART/CLASS/0.JPEG ...} in each class, of different sizes. */
    public static void writePart(Path part, int images, String... classes) {
        for (int label = 0; label < classes.length; label++) {
            for (int image = 0; image < images; image++) {
                Path file = part.resolve(classes[label]).resolve(image + ".JPEG");
                write(file, 20 + 7 * image % 30, 20 + 11 * label % 30, 31L * label + image);
            }
        }
    }
}
