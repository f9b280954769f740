package org.bame.datasets.cifar;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The six files of CIFAR-10 and the variants of them that are known. */
final class CifarFiles {

    static final String FOLDER = "cifar-10-batches-bin";
    static final List<String> TRAIN = List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
            "data_batch_4.bin", "data_batch_5.bin");
    static final String TEST = "test_batch.bin";
    static final List<String> ALL = Stream.concat(TRAIN.stream(), Stream.of(TEST)).toList();

    /**
     * The copy put together for machines without a network: of its 60,000 images, 177 were decoded from JPEGs of
     * quality 75 and are not the published pixels. By SHA-256; the counts are those of its
     * {@code approximate-images.csv}.
     */
    private static final Map<String, Variant> VARIANTS = Map.of(
            "e6e4e5bf7889a2f849a664a9535973b527c9ec74ac451cd78be661958dfc2f0a", new Variant(TRAIN.get(0), 26),
            "ec5500a07d118a5796c27747388bfa612bd437798543da7d98d553536b6ec43b", new Variant(TRAIN.get(1), 16),
            "376699327b8e82c6a1779722870c2703b0d7014c34117268e56407c0b460ac98", new Variant(TRAIN.get(2), 26),
            "ca33d80198f8a138f8c59b1e2a8fa16d59977788635c626557aadec273110158", new Variant(TRAIN.get(3), 37),
            "84cc61e59eb5c2aa1e1e2037cb478b68979d7cf65471e769dc0d4303865ecc83", new Variant(TRAIN.get(4), 40),
            "1c56621ea675bc020e791b7048af50595f4308627fb741d4a105da29126daf31", new Variant(TEST, 32));

    private CifarFiles() {}

    /** The known variant of this name with this checksum, if there is one. */
    static Optional<Variant> variant(String name, String sha256) {
        return Optional.ofNullable(VARIANTS.get(sha256)).filter(variant -> variant.name().equals(name));
    }

    /**
     * A copy that differs from the published file in a known way.
     *
     * @param name the file it stands for
     * @param jpegDecoded how many of its 10,000 images are not the published pixels
     */
    record Variant(String name, int jpegDecoded) {}
}
