package org.bame.datasets.cifar;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bame.datasets.ImageShape;
import org.bame.datasets.files.ArchiveAddress;

/**
 * What the binary versions of CIFAR-10 and CIFAR-100 have apart from each other. Formats, addresses and MD5 of the archives are
 * those that <a href="https://www.cs.toronto.edu/~kriz/cifar.html">their page</a> publishes.
 *
 * @param name the name users type
 * @param title in messages
 * @param folder top folder of the archive
 * @param train files for training, in order
 * @param test file for testing
 * @param labelBytes bytes before the pixels of a record; the last of them is the class
 * @param classes number of classes
 * @param trainRecords records of each file for training
 * @param testRecords records of the file for testing
 * @param archive where it is downloaded from; only files from an archive with this checksum count as official
 * @param archiveMebibytes size of the archive
 * @param variants copies that are known, by SHA-256
 */
public record CifarFormat(
        String name,
        String title,
        String folder,
        List<String> train,
        String test,
        int labelBytes,
        int classes,
        int trainRecords,
        int testRecords,
        ArchiveAddress archive,
        int archiveMebibytes,
        Map<String, Variant> variants) {

    /** Extent of every image of either. */
    static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    /**
     * One label byte. The variants are the copy put together for machines without a network: of its 60,000 images, 177
     * were decoded from JPEGs of quality 75 and are not the published pixels; the counts are those of its
     * {@code approximate-images.csv}.
     */
    public static final CifarFormat CIFAR10 = new CifarFormat(
            "cifar10",
            "CIFAR-10",
            "cifar-10-batches-bin",
            List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"),
            "test_batch.bin",
            1,
            10,
            10_000,
            10_000,
            new ArchiveAddress(
                    URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                    "c32a1d4ab5d03f1284b67883e8d87530"),
            162,
            Map.of(
                    "e6e4e5bf7889a2f849a664a9535973b527c9ec74ac451cd78be661958dfc2f0a",
                    new Variant("data_batch_1.bin", 26),
                    "ec5500a07d118a5796c27747388bfa612bd437798543da7d98d553536b6ec43b",
                    new Variant("data_batch_2.bin", 16),
                    "376699327b8e82c6a1779722870c2703b0d7014c34117268e56407c0b460ac98",
                    new Variant("data_batch_3.bin", 26),
                    "ca33d80198f8a138f8c59b1e2a8fa16d59977788635c626557aadec273110158",
                    new Variant("data_batch_4.bin", 37),
                    "84cc61e59eb5c2aa1e1e2037cb478b68979d7cf65471e769dc0d4303865ecc83",
                    new Variant("data_batch_5.bin", 40),
                    "1c56621ea675bc020e791b7048af50595f4308627fb741d4a105da29126daf31",
                    new Variant("test_batch.bin", 32)));

    /** Two label bytes: one of 20 groups of classes, which nothing here uses, then the class. */
    public static final CifarFormat CIFAR100 = new CifarFormat(
            "cifar100",
            "CIFAR-100",
            "cifar-100-binary",
            List.of("train.bin"),
            "test.bin",
            2,
            100,
            50_000,
            10_000,
            new ArchiveAddress(
                    URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
                    "03b5dce01913d631647c71ecec9e9cb8"),
            161,
            Map.of());

    /** The same in smaller files. */
    CifarFormat withRecords(int perTrainFile, int perTestFile) {
        return new CifarFormat(name, title, folder, train, test, labelBytes, classes, perTrainFile, perTestFile,
                archive, archiveMebibytes, variants);
    }

    /** The same from a mirror. */
    public CifarFormat from(ArchiveAddress mirror) {
        return new CifarFormat(name, title, folder, train, test, labelBytes, classes, trainRecords, testRecords, mirror,
                archiveMebibytes, variants);
    }

    /** Images for training. */
    public int trainImages() {
        return train.size() * trainRecords;
    }

    /** All files, that for testing last. */
    List<String> all() {
        return Stream.concat(train.stream(), Stream.of(test)).toList();
    }

    /** Records of a file. */
    int records(String file) {
        return file.equals(test) ? testRecords : trainRecords;
    }

    /** Bytes of one record. */
    int recordBytes() {
        return labelBytes + SHAPE.size();
    }

    /** The known variant of this file with this checksum, if there is one. */
    Optional<Variant> variant(String file, String sha256) {
        return Optional.ofNullable(variants.get(sha256)).filter(variant -> variant.name().equals(file));
    }

    /**
     * A copy that differs from the published file in a known way.
     *
     * @param name the file it stands for
     * @param jpegDecoded how many of its images are not the published pixels
     */
    public record Variant(String name, int jpegDecoded) {}
}
