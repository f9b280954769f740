package org.bame.datasets.folder;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageFiles;
import org.bame.datasets.files.Digests;
import org.bame.datasets.files.IoFailure;

/**
 * The image files of one part of a data set, one folder a class: {@code PART/CLASS/FILE}. No file is opened.
 *
 * @param part the folder that holds the classes' folders
 * @param classes in the order of their names; the place in this list is the label
 * @param passedOver files that do not end as an image's does
 */
public record ImageIndex(Path part, List<ImageClass> classes, int passedOver) {

    private static final Set<String> ENDINGS = Set.of("jpeg", "jpg", "png");
    private static final int SHOWN = 3;

    /**
     * Reads the folders, several at a time.
     *
     * @param part the folder that holds the classes' folders
     * @param progress is told now and then how far a large part is
     * @throws DataSetException if there is no class, or a class without an image
     */
    public static ImageIndex scan(Path part, Consumer<String> progress) {
        List<Path> folders = classFolders(part);
        ScanProgress seen = new ScanProgress(part, folders.size(), progress);
        List<Listing> listings = folders.parallelStream().map(folder -> {
            Listing listing = list(folder);
            seen.count();
            return listing;
        }).toList();
        List<String> empty = listings.stream()
                .map(Listing::images)
                .filter(images -> images.files().isEmpty())
                .map(ImageClass::name)
                .toList();
        if (!empty.isEmpty()) {
            throw new DataSetException(
                    "%s has %d class folders without an image (%s), expected files ending in .JPEG, .jpg"
                            .formatted(part, empty.size(), some(empty))
                            + " or .png in each. Unpack the data set again, or remove what is no class.");
        }
        return new ImageIndex(
                part,
                listings.stream().map(Listing::images).toList(),
                listings.stream().mapToInt(Listing::passedOver).sum());
    }

    /** Names of the classes' folders, in order. */
    List<String> classNames() {
        return classes.stream().map(ImageClass::name).toList();
    }

    /** Number of images. */
    public int size() {
        return classes.stream().mapToInt(images -> images.files().size()).sum();
    }

    /** SHA-256 over a line {@code CLASS/FILE BYTES} an image, in order: what files hold does not count. */
    public String sha256() {
        return Digests.sha256(classes.stream().flatMap(
                images -> images.files().stream().map(
                        file -> images.name() + "/" + file.name() + " " + file.bytes())));
    }

    /**
     * The files as images of batches. Classes take turns, so that the first so many images are balanced.
     *
     * @param side rows and columns in a batch
     * @param decodingThreads threads that decode
     */
    public ImageFiles files(int side, int decodingThreads) {
        String[] names = new String[size()];
        int[] labels = new int[names.length];
        int at = 0;
        for (int turn = 0; at < names.length; turn++) {
            for (int label = 0; label < classes.size(); label++) {
                List<ImageFile> files = classes.get(label).files();
                if (turn < files.size()) {
                    names[at] = files.get(turn).name();
                    labels[at++] = label;
                }
            }
        }
        return ImageFiles.adopt(part, classNames(), names, labels, side, decodingThreads);
    }

    /** A few of many names, for messages. */
    static String some(Collection<String> names) {
        String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() > SHOWN ? shown + ", ..." : shown;
    }

    private static List<Path> classFolders(Path part) {
        List<Path> folders;
        boolean flat;
        try (Stream<Path> content = Files.list(part)) {
            List<Path> all = content.sorted(Comparator.comparing(path -> path.getFileName().toString())).toList();
            folders = all.stream().filter(path -> Files.isDirectory(path) && !isHidden(path)).toList();
            flat = all.stream().anyMatch(ImageIndex::isImage);
        } catch (IOException e) {
            throw unreadable(part, e);
        }
        if (folders.isEmpty() || flat) {
            throw new DataSetException(part + (flat ? " holds images outside of folders" : " has no folders")
                    + ", expected one"
                    + " folder a class with its images in it. "
                    + (flat ? "Sort the images into folders named as those of the training images."
                            : "Unpack the data set"
                                    + " into it."));
        }
        return folders;
    }

    private static Listing list(Path folder) {
        List<ImageFile> files = new ArrayList<>();
        int[] passedOver = {0};
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), 1, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && isImage(file)) {
                        files.add(new ImageFile(file.getFileName().toString(), attributes.size()));
                    } else {
                        passedOver[0]++;
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
        files.sort(Comparator.comparing(ImageFile::name));
        return new Listing(new ImageClass(folder.getFileName().toString(), List.copyOf(files)), passedOver[0]);
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString();
        return !isHidden(file) && ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static DataSetException unreadable(Path folder, IOException e) {
        return new DataSetException(folder + " cannot be read: " + IoFailure.reason(e)
                + ". Make it a readable folder, or"
                + " name another one with --data-dir.", e);
    }

    /**
     * The images of one class.
     *
     * @param name of its folder
     * @param files in the order of their names
     */
    public record ImageClass(String name, List<ImageFile> files) {}

    /**
     * One image.
     *
     * @param name of its file
     * @param bytes size of its file
     */
    public record ImageFile(String name, long bytes) {}

    private record Listing(ImageClass images, int passedOver) {}
}
