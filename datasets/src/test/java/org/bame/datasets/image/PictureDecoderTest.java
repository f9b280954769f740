package org.bame.datasets.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.bame.datasets.DataSetException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PictureDecoderTest {

    private static final int WIDTH = 40;
    private static final int HEIGHT = 24;

    @TempDir
    private Path folder;

    private final PictureDecoder decoder = new PictureDecoder();
    private final Picture picture = new Picture();

    @AfterEach
    void close() {
        decoder.close();
    }

    @Test
    void readsThePixelsOfAJpeg() throws IOException {
        decode(encoded("jpg", BufferedImage.TYPE_3BYTE_BGR));

        assertThat(picture.channels()).isEqualTo(3);
        assertThat(picture.width()).isEqualTo(WIDTH);
        assertThat(picture.height()).isEqualTo(HEIGHT);
        // JPEG is not exact; the wrong order of colours or axes would be off by far more.
        assertPicture(14);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_4BYTE_ABGR})
    void readsAPngWhateverItsName(int type) throws IOException {
        decode(encoded("png", type));

        assertPicture(0);
    }

    @Test
    void readsAPalette() throws IOException {
        decode(encoded("png", BufferedImage.TYPE_BYTE_INDEXED));

        // Java's palette has six levels a colour.
        assertPicture(52);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void greyLevelsCountForEveryColour(String format) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        for (int x = 0; x < WIDTH; x++) {
            for (int y = 0; y < HEIGHT; y++) {
                image.getRaster().setSample(x, y, 0, 6 * x);
            }
        }
        decode(encoded(format, image));

        for (int channel = 0; channel < 3; channel++) {
            assertThat(level(channel, 10, 5)).isCloseTo(60, within(2));
            assertThat(level(channel, 39, 23)).isCloseTo(234, within(2));
        }
    }

    /** Values by Pillow 12.3: {@code Image.open(file).convert("RGB")}. */
    @Test
    void readsTheInksOfCmyk() throws IOException {
        decode(cmyk());

        assertLevels(0, 0, 255, 255, 255);
        assertLevels(5, 3, 158, 143, 204);
        assertLevels(15, 7, 11, 22, 32);
        assertLevels(8, 0, 107, 215, 215);
    }

    /** The same file, told to be YCCK by Adobe's marker; values by Pillow 12.3. */
    @Test
    void readsTheInksOfYcck() throws IOException {
        byte[] bytes = cmyk();
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("Adobe") + 11] = 2;
        decode(bytes);

        assertLevels(0, 0, 0, 134, 0);
        assertLevels(5, 3, 0, 145, 23);
        assertLevels(15, 7, 180, 104, 180);
    }

    @Test
    void aProfileConvertsNothing() throws IOException {
        byte[] plain = encoded("jpg", BufferedImage.TYPE_3BYTE_BGR);
        decode(plain);
        byte[] expected = Arrays.copyOf(picture.pixels(), 3 * WIDTH * HEIGHT);

        decode(withProfile(plain, ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData()));

        assertThat(picture.pixels()).startsWith(expected);
    }

    /** Java's reader alone would fill what is missing with grey. */
    @Test
    void everyTruncationIsAnError() throws IOException {
        byte[] whole = encoded("jpg", BufferedImage.TYPE_3BYTE_BGR);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decode(part)).isInstanceOf(DataSetException.class)
                    .hasMessageContaining(folder.resolve("a.JPEG").toString())
                    .hasMessageContaining("Replace it with an intact copy, or remove it.");
        }
    }

    @Test
    void tellsWhatIsNoImage() throws IOException {
        assertThatThrownBy(() -> decode("<html>moved</html>".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DataSetException.class).hasMessageContaining(
                        "its 18 bytes do not begin as any image does");
        assertThatThrownBy(() -> decoder.decode(folder.resolve("none.JPEG"), picture))
                .isInstanceOf(DataSetException.class).hasMessageContaining("none.JPEG has gone since");
    }

    @Test
    void goesOnAfterADamagedFile() throws IOException {
        byte[] whole = encoded("jpg", BufferedImage.TYPE_3BYTE_BGR);
        assertThatThrownBy(() -> decode(Arrays.copyOf(whole, whole.length / 2))).isInstanceOf(DataSetException.class);
        decode(whole);

        assertPicture(14);
    }

    @Test
    void trailingBytesDoNoHarm() throws IOException {
        byte[] whole = encoded("jpg", BufferedImage.TYPE_3BYTE_BGR);
        decode(Arrays.copyOf(whole, whole.length + 100));

        assertPicture(14);
    }

    @Test
    void onePixelIsAPicture() throws IOException {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
        image.setRGB(0, 0, 0x204060);
        decode(encoded("jpg", image));

        assertThat(picture.width()).isEqualTo(1);
        assertThat(level(2, 0, 0)).isCloseTo(0x60, within(4));
    }

    private void decode(byte[] bytes) throws IOException {
        Path file = folder.resolve("a.JPEG");
        Files.write(file, bytes);
        decoder.decode(file, picture);
    }

    private void assertPicture(int tolerance) {
        for (int x = 0; x < WIDTH; x++) {
            for (int y = 0; y < HEIGHT; y++) {
                int expected = colour(x, y);
                for (int channel = 0; channel < 3; channel++) {
                    assertThat(level(channel, x, y)).isCloseTo(expected >> 16 - 8 * channel & 0xFF, within(tolerance));
                }
            }
        }
    }

    /** TwelveMonkeys rounds the product of two inks otherwise. */
    private void assertLevels(int x, int y, int red, int green, int blue) {
        assertThat(level(0, x, y)).isCloseTo(red, within(1));
        assertThat(level(1, x, y)).isCloseTo(green, within(1));
        assertThat(level(2, x, y)).isCloseTo(blue, within(1));
    }

    private int level(int channel, int x, int y) {
        return Byte.toUnsignedInt(picture.pixels()[(channel * picture.height() + y) * picture.width() + x]);
    }

    private static int colour(int x, int y) {
        return 6 * x << 16 | 10 * y << 8 | 3 * (x + y);
    }

    private static byte[] encoded(String format, int type) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
        for (int x = 0; x < WIDTH; x++) {
            for (int y = 0; y < HEIGHT; y++) {
                image.setRGB(x, y, 0xFF << 24 | colour(x, y));
            }
        }
        return encoded(format, image);
    }

    private static byte[] encoded(String format, BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, bytes)).isTrue();
        return bytes.toByteArray();
    }

    private static byte[] cmyk() throws IOException {
        try (InputStream file = PictureDecoderTest.class.getResourceAsStream("cmyk-16x8.jpg")) {
            return file.readAllBytes();
        }
    }

    /** The file with a segment APP2 behind its first one. */
    private static byte[] withProfile(byte[] jpeg, byte[] profile) {
        byte[] name = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);
        int behindFirst = 4 + ByteBuffer.wrap(jpeg).getShort(4);
        return ByteBuffer.allocate(jpeg.length + 2 + 2 + name.length + 2 + profile.length)
                .put(jpeg, 0, behindFirst)
                .putShort((short) 0xFFE2)
                .putShort((short) (2 + name.length + 2 + profile.length))
                .put(name)
                .put((byte) 1)
                .put((byte) 1)
                .put(profile)
                .put(jpeg, behindFirst, jpeg.length - behindFirst)
                .array();
    }
}
