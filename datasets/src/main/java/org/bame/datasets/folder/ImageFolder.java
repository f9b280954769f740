package org.bame.datasets.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.DataProvenance;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.SourceFile;
import org.bame.datasets.Verdict;

/**
 * Image files in the layout of ILSVRC: {@code train/CLASS/FILE} to learn from and {@code val/CLASS/FILE} to measure on.
 * Classes are the folders of {@code train} in the order of their names, and those of {@code val} must be the same.
 * Nothing is decoded before a batch needs it; images are normalised by {@link ChannelStatistics#IMAGENET}.
 *
 * @param name the name users type
 * @param title in messages and provenance, for example {@code Imagenette}
 * @param folders names under which the data folder may hold it; the first that is there counts
 * @param expected what was published
 * @param side rows and columns of images in a batch unless another extent is asked for
 * @param copies what is known about copies: a remark by the digest of a part
 * @param remedy how to get the data
 */
record ImageFolder(
        String name,
        String title,
        List<String> folders,
        Expected expected,
        int side,
        Map<String, String> copies,
        String remedy) {

    /** Folder of the training images. */
    static final String TRAIN = "train";
    /** Folder of the test images. */
    static final String TEST = "val";

    /**
     * What was published.
     *
     * @param classes number of classes: another one is an error
     * @param trainImages training images: another number is told
     * @param testImages test images, likewise
     */
    record Expected(int classes, int trainImages, int testImages) {}

    /**
     * Indexes the data set.
     *
     * @throws DataSetException if it is not there, or not whole
     */
    ImageDataSet load(DataRequest request) {
        Path folder = locate(request.root());
        request.progress().accept("%s: %s".formatted(title, folder.toAbsolutePath()));
        ImageIndex train = ImageIndex.scan(folder.resolve(TRAIN), request.progress());
        requireClasses(train);
        ImageIndex test = ImageIndex.scan(folder.resolve(TEST), request.progress());
        requireSameClasses(train, test);
        DataProvenance provenance = provenance(folder, train, test);
        provenance.warnings().forEach(warning -> request.progress().accept("Warning: " + warning));
        return new ImageDataSet(
                name,
                train.files(side, request.decodingThreads()),
                test.files(side, request.decodingThreads()),
                ChannelStatistics.IMAGENET,
                provenance);
    }

    private Path locate(Path root) {
        for (String candidate : folders) {
            if (Files.isDirectory(root.resolve(candidate))) {
                return requireParts(root.resolve(candidate));
            }
        }
        if (Files.isDirectory(root.resolve(TRAIN)) || Files.isDirectory(root.resolve(TEST))) {
            return requireParts(root);
        }
        throw new DataSetException(
                "%s is not in %s: expected a folder %s there with %s/CLASS/*.JPEG and %s/CLASS/*.JPEG, or"
                        .formatted(title, root, String.join(" or ", folders), TRAIN, TEST) + " these two in it. "
                        + remedy);
    }

    private Path requireParts(Path folder) {
        for (String part : List.of(TRAIN, TEST)) {
            if (!Files.isDirectory(folder.resolve(part))) {
                throw new DataSetException(
                        "%s in %s is incomplete: there is no folder %s, expected %s and %s with a folder a"
                                .formatted(title, folder, part, TRAIN, TEST) + " class in each. " + remedy);
            }
        }
        return folder;
    }

    private void requireClasses(ImageIndex train) {
        int classes = train.classes().size();
        if (classes != expected.classes()) {
            throw new DataSetException("%s is not all of %s: got %,d class folders (%s), expected %,d. ".formatted(
                    train.part(), title, classes, ImageIndex.some(train.classNames()), expected.classes()) + remedy);
        }
    }

    private void requireSameClasses(ImageIndex train, ImageIndex test) {
        requireSubset(test, train);
        requireSubset(train, test);
    }

    private void requireSubset(ImageIndex some, ImageIndex all) {
        Set<String> missing = new TreeSet<>(some.classNames());
        all.classNames().forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw new DataSetException("%s has %,d class folders that %s has not: %s; expected the same in both. "
                    .formatted(some.part(), missing.size(), all.part(), ImageIndex.some(missing)) + remedy);
        }
    }

    private DataProvenance provenance(Path folder, ImageIndex train, ImageIndex test) {
        SourceFile trainFiles = identified(TRAIN, train);
        SourceFile testFiles = identified(TEST, test);
        boolean known = trainFiles.verdict() == Verdict.KNOWN_VARIANT && testFiles.verdict() == Verdict.KNOWN_VARIANT;
        String counts = "%,d + %,d images".formatted(train.size(), test.size());
        List<String> warnings = new ArrayList<>();
        if (train.size() != expected.trainImages() || test.size() != expected.testImages()) {
            warnings.add("%s has %s, published are %,d + %,d. Results are not those of %s.".formatted(
                    folder, counts, expected.trainImages(), expected.testImages(), title));
        } else if (!known) {
            warnings.add(folder + " has as many images as " + title
                    + ", and no more was checked. Results carry a digest of its"
                    + " files' names and sizes.");
        }
        int passedOver = train.passedOver() + test.passedOver();
        if (passedOver > 0) {
            warnings.add("%,d files in %s were passed over: they do not end as images do.".formatted(passedOver,
                    folder));
        }
        return new DataProvenance(
                title + ", " + counts + (known ? ", " + copies.get(trainFiles.sha256()) : ""),
                List.of(trainFiles, testFiles),
                warnings);
    }

    private SourceFile identified(String part, ImageIndex index) {
        String digest = index.sha256();
        Verdict verdict = copies.containsKey(digest) ? Verdict.KNOWN_VARIANT : Verdict.UNKNOWN;
        return new SourceFile(part + " (names and sizes)", digest, verdict);
    }
}
