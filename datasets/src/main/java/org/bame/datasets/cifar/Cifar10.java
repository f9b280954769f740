package org.bame.datasets.cifar;

import java.net.URI;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.files.ArchiveAddress;

/**
 * {@code cifar10}: 50,000 training and 10,000 test images of 10 classes, 3x32x32 (A. Krizhevsky, "Learning Multiple
 * Layers of Features from Tiny Images", 2009). Taken from a folder, or downloaded into it from the official address.
 */
public final class Cifar10 implements DataSetFactory {

    /** The name users type. */
    public static final String NAME = "cifar10";

    /**
     * The official archive of the binary version; address and MD5 are those that
     * <a href="https://www.cs.toronto.edu/~kriz/cifar.html">the data set's page</a> publishes.
     */
    public static final ArchiveAddress OFFICIAL = new ArchiveAddress(
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), "c32a1d4ab5d03f1284b67883e8d87530");

    private final Cifar files;

    /** CIFAR-10 as published. */
    public Cifar10() {
        this(OFFICIAL);
    }

    /**
     * CIFAR-10 from a mirror. Only files from an archive with this checksum count as official.
     *
     * @param archive address and MD5 of the archive
     */
    public Cifar10(ArchiveAddress archive) {
        this(archive, CifarFormat.CIFAR10);
    }

    Cifar10(ArchiveAddress archive, CifarFormat format) {
        this.files = new Cifar(format, archive);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return files.describe();
    }

    @Override
    public ImageDataSet load(DataRequest request) {
        return files.load(request);
    }
}
