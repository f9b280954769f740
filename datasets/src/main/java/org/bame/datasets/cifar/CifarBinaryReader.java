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
 * Reads CIFAR-10's binary format: records of one label byte (0 to 9), then 1,024 bytes each of red, green and blue, row
 * by row (described on <a href="https://www.cs.toronto.edu/~kriz/cifar.html">the data set's page</a>).
 */
public final class CifarBinaryReader {

    /** Extent of every image. */
    public static final ImageShape SHAPE = new ImageShape(3, 32, 32);
    /** Number of classes. */
    public static final int CLASSES = 10;
    /** Bytes of one record. */
    public static final int RECORD_BYTES = 1 + SHAPE.size();
    /** Records of each file of the published data set. */
    public static final int PUBLISHED_RECORDS = 10_000;

    private static final String REMEDY = " Replace it with an intact copy, or delete the folder %s to have the data "
            + "set downloaded again, or name another folder with --data-dir.";

    private final int expectedRecords;

    /** A reader of the published files, of 10,000 records each. */
    public CifarBinaryReader() {
        this(PUBLISHED_RECORDS);
    }

    /** @param expectedRecords records that every file must have, at least 1 */
    public CifarBinaryReader(int expectedRecords) {
        if (expectedRecords < 1) {
            throw new IllegalArgumentException("A CIFAR-10 file has at least 1 record, got " + expectedRecords + ".");
        }
        this.expectedRecords = expectedRecords;
    }

    /**
     * Reads one file, whole.
     *
     * @param file for example {@code data_batch_1.bin}
     * @return its images, in the file's order, and its checksum
     * @throws DataSetException if the file is missing, unreadable, shorter or longer than expected, or has a label
     *         above 9
     */
    public CifarFile read(Path file) {
        byte[] bytes = readBytes(file);
        byte[] pixels = new byte[expectedRecords * SHAPE.size()];
        byte[] labels = new byte[expectedRecords];
        for (int record = 0; record < expectedRecords; record++) {
            int at = record * RECORD_BYTES;
            int label = Byte.toUnsignedInt(bytes[at]);
            if (label >= CLASSES) {
                throw new DataSetException(("%s is not a CIFAR-10 file: record %,d (byte %,d) has label %d, expected 0 "
                        + "to 9.").formatted(file, record, at, label) + remedy(file));
            }
            labels[record] = bytes[at];
            System.arraycopy(bytes, at + 1, pixels, record * SHAPE.size(), SHAPE.size());
        }
        return new CifarFile(InMemoryImages.adopt(SHAPE, CLASSES, pixels, labels), Digests.sha256(bytes));
    }

    private byte[] readBytes(Path file) {
        long expected = (long) expectedRecords * RECORD_BYTES;
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
                    .formatted(file, fault, actual, expected, expectedRecords, RECORD_BYTES) + remedy(file));
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
    public record CifarFile(InMemoryImages images, String sha256) {}
}
