package org.bame.datasets.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.bame.datasets.DataSetException;
import org.bame.datasets.files.IoFailure;

/**
 * Decodes image files to red, green and blue, whatever their names end in. JPEGs are Java's own reader's; what it refuses
 * or misreads (CMYK, which some files of ImageNet have) is TwelveMonkeys'. Grey levels count for all three colours;
 * transparency, profiles of RGB files and orientation tags are passed over, as by Pillow's {@code convert("RGB")}. Keeps
 * readers open; for one thread.
 */
public final class PictureDecoder implements AutoCloseable {

    private static final int COLOURS = 3;
    private static final int BYTE_BITS = 8;
    private static final int BYTE_MASK = 0xFF;
    private static final byte[] JPEG_START = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
    /** Readers only warn about these, and make up the missing pixels. */
    private static final List<String> DAMAGE = List.of("Truncated File", "Corrupt JPEG data");
    /** Changes no pixel, and sound files have it. */
    private static final String HARMLESS = "extraneous bytes before marker";

    private final ImageReader jpeg;
    private final ImageReader unusualJpeg;

    /** Opens the readers of JPEGs. */
    public PictureDecoder() {
        try {
            IIORegistry registry = IIORegistry.getDefaultInstance();
            JPEGImageReaderSpi twelveMonkeys = registry.getServiceProviderByClass(JPEGImageReaderSpi.class);
            Iterator<ImageReaderSpi> builtIn = registry.getServiceProviders(
                    ImageReaderSpi.class,
                    provider -> provider != twelveMonkeys
                            && List.of(((ImageReaderSpi) provider).getFormatNames()).contains("jpeg"),
                    true);
            jpeg = builtIn.next().createReaderInstance();
            unusualJpeg = twelveMonkeys.createReaderInstance();
        } catch (IOException e) {
            throw new IllegalStateException("Java's readers of images cannot be opened", e);
        }
    }

    /**
     * Decodes a file.
     *
     * @param file a JPEG, a PNG, or another image that Java reads
     * @param target receives three channels
     * @throws DataSetException if the file is missing, unreadable, truncated, damaged or no image; names it and the remedy
     */
    public void decode(Path file, Picture target) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            store(startsAsJpeg(bytes) ? readJpeg(bytes) : readOther(bytes), target);
        } catch (NoSuchFileException e) {
            throw new DataSetException(file + " has gone since its folder was indexed. Put it back, or start again.",
                    e);
        } catch (IOException | RuntimeException e) {
            // Readers throw all kinds of exceptions at damaged files.
            throw new DataSetException(file + " cannot be decoded: " + IoFailure.reason(e)
                    + "; expected an intact JPEG or"
                    + " PNG image. Replace it with an intact copy, or remove it.", e);
        }
    }

    /** Releases the readers. */
    @Override
    public void close() {
        jpeg.dispose();
        unusualJpeg.dispose();
    }

    private BufferedImage readJpeg(byte[] bytes) throws IOException {
        BufferedImage image;
        try {
            image = read(jpeg, bytes);
        } catch (IOException | IllegalArgumentException | CMMException e) {
            return read(unusualJpeg, bytes);
        }
        // Java's reader takes the four inks of a CMYK file for colours and transparency.
        return image.getRaster().getNumBands() > COLOURS ? read(unusualJpeg, bytes) : image;
    }

    private static BufferedImage readOther(byte[] bytes) throws IOException {
        ImageReader reader;
        try (ImageInputStream input = input(bytes)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            if (!readers.hasNext()) {
                throw new IOException("its " + bytes.length + " bytes do not begin as any image does");
            }
            reader = readers.next();
        }
        try {
            return read(reader, bytes);
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage read(ImageReader reader, byte[] bytes) throws IOException {
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream input = input(bytes)) {
            reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
            reader.setInput(input, true, true);
            BufferedImage image = reader.read(0, inOwnColours(reader));
            for (String warning : warnings) {
                if (DAMAGE.stream().anyMatch(warning::startsWith) && !warning.contains(HARMLESS)) {
                    throw new IIOException(warning);
                }
            }
            return image;
        } finally {
            reader.reset();
        }
    }

    /** Asks for the colours of the file's own profile, if it has one, so that nothing is converted. */
    private static ImageReadParam inOwnColours(ImageReader reader) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        for (Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0); types.hasNext();) {
            ImageTypeSpecifier type = types.next();
            ColorSpace colours = type.getColorModel().getColorSpace();
            if (colours.getType() == ColorSpace.TYPE_RGB && !colours.isCS_sRGB()) {
                param.setDestinationType(type);
                break;
            }
        }
        return param;
    }

    private static ImageInputStream input(byte[] bytes) {
        return new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes));
    }

    private static boolean startsAsJpeg(byte[] bytes) {
        return bytes.length >= JPEG_START.length
                && Arrays.equals(bytes, 0, JPEG_START.length, JPEG_START, 0, JPEG_START.length);
    }

    private static void store(BufferedImage image, Picture target) {
        target.resize(COLOURS, image.getHeight(), image.getWidth());
        Raster raster = image.getRaster();
        if (image.getColorModel() instanceof ComponentColorModel
                && raster.getSampleModel() instanceof ComponentSampleModel bands
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getParent() == null) {
            storeBands(bands, buffer.getData(), target);
        } else {
            storeColours(image, target);
        }
    }

    /** Takes the levels as they are in the file; Java's conversion to sRGB would lighten grey ones. */
    private static void storeBands(ComponentSampleModel bands, byte[] levels, Picture target) {
        boolean grey = bands.getNumBands() < COLOURS;
        int step = bands.getPixelStride();
        int at = 0;
        for (int colour = 0; colour < COLOURS; colour++) {
            int first = bands.getBandOffsets()[grey ? 0 : colour];
            for (int y = 0; y < target.height(); y++) {
                int from = first + y * bands.getScanlineStride();
                for (int x = 0; x < target.width(); x++, from += step) {
                    target.pixels()[at++] = levels[from];
                }
            }
        }
    }

    private static void storeColours(BufferedImage image, Picture target) {
        int width = target.width();
        int plane = width * target.height();
        int[] row = new int[width];
        for (int y = 0; y < target.height(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                for (int colour = 0; colour < COLOURS; colour++) {
                    int shift = (COLOURS - 1 - colour) * BYTE_BITS;
                    target.pixels()[colour * plane + y * width + x] = (byte) (row[x] >> shift & BYTE_MASK);
                }
            }
        }
    }
}
