package org.bame.datasets;

import java.util.Objects;

/**
 * Images and their class labels in memory, one byte a value. Pixels are unsigned bytes in the order
 * {@code [image][channel][row][column]}, column fastest; labels lie in {@code 0 .. classes - 1}. Immutable, and safe to
 * read from several threads.
 */
public final class InMemoryImages implements LabelledImages {

    private static final int MAX_CLASSES = 256;

    private final ImageShape shape;
    private final int classes;
    private final int size;
    private final byte[] pixels;
    private final byte[] labels;

    private InMemoryImages(ImageShape shape, int classes, int size, byte[] pixels, byte[] labels) {
        this.shape = shape;
        this.classes = classes;
        this.size = size;
        this.pixels = pixels;
        this.labels = labels;
    }

    /**
     * Wraps arrays without copying them: the caller gives them up and must not write to them afterwards.
     *
     * @param shape extent of every image
     * @param classes number of classes, 1 to 256
     * @param pixels unsigned bytes, {@code [image][channel][row][column]}
     * @param labels unsigned bytes, one an image, each below {@code classes}
     * @throws IllegalArgumentException if the lengths do not belong together or a label is out of range
     */
    public static InMemoryImages adopt(ImageShape shape, int classes, byte[] pixels, byte[] labels) {
        Objects.requireNonNull(shape, "shape");
        if (classes < 1 || classes > MAX_CLASSES) {
            throw new IllegalArgumentException("A data set has 1 to " + MAX_CLASSES + " classes, got " + classes + ".");
        }
        if (pixels.length != (long) labels.length * shape.size()) {
            throw new IllegalArgumentException(labels.length + " labels of " + shape + " images need "
                    + (long) labels.length * shape.size() + " pixel bytes, got " + pixels.length + ".");
        }
        for (int image = 0; image < labels.length; image++) {
            int label = Byte.toUnsignedInt(labels[image]);
            if (label >= classes) {
                throw new IllegalArgumentException("The label of image " + image + " is " + label
                        + ", expected 0 to " + (classes - 1) + ".");
            }
        }
        return new InMemoryImages(shape, classes, labels.length, pixels, labels);
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int label(int image) {
        return Byte.toUnsignedInt(labels[Objects.checkIndex(image, size)]);
    }

    /** One pixel value, 0 to 255. */
    public int pixel(int image, int channel, int row, int column) {
        Objects.checkIndex(image, size);
        Objects.checkIndex(channel, shape.channels());
        Objects.checkIndex(row, shape.height());
        Objects.checkIndex(column, shape.width());
        int at = image * shape.size() + channel * shape.planeSize() + row * shape.width() + column;
        return Byte.toUnsignedInt(pixels[at]);
    }

    /**
     * Copies one image, {@code [channel][row][column]}, as unsigned bytes.
     *
     * @param image index of the image
     * @param target receives {@code shape().size()} bytes
     * @param offset first position written in {@code target}
     */
    public void copyImage(int image, byte[] target, int offset) {
        Objects.checkIndex(image, size);
        System.arraycopy(pixels, image * shape.size(), target, offset, shape.size());
    }

    @Override
    public InMemoryImages first(int count) {
        if (count < 0 || count > size) {
            throw new IllegalArgumentException("Cannot take the first " + count + " of " + size + " images.");
        }
        return new InMemoryImages(shape, classes, count, pixels, labels);
    }

    /** These, if they have that extent: they are not scaled. */
    @Override
    public InMemoryImages at(ImageShape other) {
        if (!shape.equals(other)) {
            throw new DataSetException("Images in memory are not scaled: theirs is an extent of " + shape + ", got "
                    + other
                    + ". Leave the image size out (or 0), or take a data set of image files.");
        }
        return this;
    }
}
