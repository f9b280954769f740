package org.bame.datasets.cifar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageShape;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.files.Digests;
import org.bame.datasets.files.IoFailure;

/**
 * Reads the binary format: records of one or two label bytes, then 1,024 bytes each of red, green and blue, row by row
 * (described on <a href="https://www.cs.toronto.edu/~kriz/cifar.html">the data sets' page</a>).
 */
final class CifarBinaryReader {

    private static final String REMEDY = " Replace it with an intact copy, or delete the folder %s to have the data "
            + "set downloaded again, or name another folder with --data-dir.";

    private final CifarFormat format;

    /** A reader of files of one format. */
    CifarBinaryReader(CifarFormat format) {
        this.format = format;
    }

    /**
     * Reads one file, whole.
     *
     * @param file for example {@code data_batch_1.bin}
     * @return its images, in the file's order, and its checksum
     * @throws DataSetException if the file is missing, unreadable, shorter or longer than expected, or has a label
     *         that is no class
     */
    CifarFile read(Path file) {
        int records = format.records(file.getFileName().toString());
        ImageShape shape = CifarFormat.SHAPE;
        byte[] bytes = readBytes(file, records);
        byte[] pixels = new byte[records * shape.size()];
        byte[] labels = new byte[records];
        for (int record = 0; record < records; record++) {
            int at = record * format.recordBytes() + format.labelBytes() - 1;
            int label = Byte.toUnsignedInt(bytes[at]);
            if (label >= format.classes()) {
                throw new DataSetException(
                        ("%s is not a %s file: record %,d (byte %,d) has label %d, expected 0 to %d.")
                                .formatted(file, format.title(), record, at, label, format.classes() - 1) + remedy(
                                        file));
            }
            labels[record] = bytes[at];
            System.arraycopy(bytes, at + 1, pixels, record * shape.size(), shape.size());
        }
        return new CifarFile(
                InMemoryImages.adopt(shape, format.classes(), pixels, labels), Digests.sha256(bytes));
    }

    private byte[] readBytes(Path file, int records) {
        long expected = (long) records * format.recordBytes();
        try {
            requireSize(file, Files.size(file), expected);
            byte[] bytes = Files.readAllBytes(file);
            requireSize(file, bytes.length, expected);
            return bytes;
        } catch (NoSuchFileException e) {
            throw new DataSetException(file + " is missing." + remedy(file), e);
        } catch (IOException e) {
            throw new DataSetException(file + " cannot be read: " + IoFailure.reason(e) + "." + remedy(file), e);
        }
    }

    private void requireSize(Path file, long actual, long expected) {
        if (actual != expected) {
            String fault = actual < expected ? "truncated" : "too long";
            throw new DataSetException("%s is %s: it has %,d bytes, expected exactly %,d (%,d records of %,d bytes)."
                    .formatted(file, fault, actual, expected, expected / format.recordBytes(), format.recordBytes())
                    + remedy(file));
        }
    }

    private static String remedy(Path file) {
        return REMEDY.formatted(file.toAbsolutePath().getParent());
    }

    /**
     * The content of one file.
     *
     * @param images in the file's order
     * @param sha256 of all its bytes, lower-case hexadecimal
     */
    record CifarFile(InMemoryImages images, String sha256) {}
}
