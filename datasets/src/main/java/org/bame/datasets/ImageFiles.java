package org.bame.datasets;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Labelled images that stay in their files, one a file, and are decoded whenever a batch needs them. Only names and
 * labels are in memory: about 80 bytes an image. Files may have any size and shape; batches get them as colour images
 * of one square extent.
 */
public final class ImageFiles implements LabelledImages {

    /** Red, green and blue. */
    public static final int CHANNELS = 3;

    private final Path folder;
    private final List<String> classNames;
    private final String[] names;
    private final int[] labels;
    private final int size;
    private final ImageShape shape;
    private final int decodingThreads;

    private ImageFiles(
            Path folder,
            List<String> classNames,
            String[] names,
            int[] labels,
            int size,
            ImageShape shape,
            int decodingThreads) {
        this.folder = folder;
        this.classNames = classNames;
        this.names = names;
        this.labels = labels;
        this.size = size;
        this.shape = shape;
        this.decodingThreads = decodingThreads;
    }

    /**
     * Wraps arrays without copying them: the caller gives them up and must not write to them afterwards.
     *
     * @param folder holds a folder a class
     * @param classNames names of these folders; the place in this list is the label
     * @param names file name of each image, within its class's folder
     * @param labels class of each image, below {@code classNames.size()}
     * @param side rows and columns of each image in a batch, in pixels, at least 1
     * @param decodingThreads threads that decode files, at least 1; changes no batch
     */
    public static ImageFiles adopt(
            Path folder, List<String> classNames, String[] names, int[] labels, int side, int decodingThreads) {
        Objects.requireNonNull(folder, "folder");
        if (names.length != labels.length) {
            throw new IllegalArgumentException(names.length + " file names do not fit " + labels.length + " labels.");
        }
        for (int label : labels) {
            Objects.checkIndex(label, classNames.size());
        }
        return new ImageFiles(
                folder,
                List.copyOf(classNames),
                names,
                labels,
                names.length,
                new ImageShape(CHANNELS, side, side),
                requireThreads(decodingThreads));
    }

    private static int requireThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("Decoding needs at least 1 thread, got " + threads + ".");
        }
        return threads;
    }

    /** The file of an image. */
    public Path file(int image) {
        return folder.resolve(classNames.get(label(image))).resolve(names[image]);
    }

    /** Names of the classes, by label. */
    public List<String> classNames() {
        return classNames;
    }

    /** Threads that decode files; changes no batch. */
    public int decodingThreads() {
        return decodingThreads;
    }

    /** The same files decoded by another number of threads. */
    public ImageFiles decodedBy(int threads) {
        return new ImageFiles(folder, classNames, names, labels, size, shape, requireThreads(threads));
    }

    /** {@code 3 x side x side}. */
    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public int classes() {
        return classNames.size();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int label(int image) {
        return labels[Objects.checkIndex(image, size)];
    }

    @Override
    public ImageFiles first(int count) {
        if (count < 0 || count > size) {
            throw new IllegalArgumentException("Cannot take the first " + count + " of " + size + " images.");
        }
        return new ImageFiles(folder, classNames, names, labels, count, shape, decodingThreads);
    }

    /** Decodes to any square extent. */
    @Override
    public ImageFiles at(ImageShape other) {
        if (other.channels() != CHANNELS || other.height() != other.width()) {
            throw new DataSetException("Image files are delivered as squares of " + CHANNELS + " channels, got " + other
                    + " for those in " + folder + ". Ask for a square, as in 3x64x64.");
        }
        return new ImageFiles(folder, classNames, names, labels, size, other, decodingThreads);
    }
}
