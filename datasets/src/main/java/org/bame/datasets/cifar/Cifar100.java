package org.bame.datasets.cifar;

import java.net.URI;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.files.ArchiveAddress;

/**
 * {@code cifar100}: 50,000 training and 10,000 test images of 100 classes, 3x32x32 (A. Krizhevsky, "Learning Multiple
 * Layers of Features from Tiny Images", 2009). Taken from a folder, or downloaded into it from the official address.
 */
public final class Cifar100 implements DataSetFactory {

    /** The name users type. */
    public static final String NAME = "cifar100";

    /**
     * The official archive of the binary version; address and MD5 are those that
     * <a href="https://www.cs.toronto.edu/~kriz/cifar.html">the data set's page</a> publishes.
     */
    public static final ArchiveAddress OFFICIAL = new ArchiveAddress(
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"), "03b5dce01913d631647c71ecec9e9cb8");

    private final Cifar files;

    /** CIFAR-100 as published. */
    public Cifar100() {
        this(OFFICIAL);
    }

    /**
     * CIFAR-100 from a mirror. Only files from an archive with this checksum count as official.
     *
     * @param archive address and MD5 of the archive
     */
    public Cifar100(ArchiveAddress archive) {
        this(archive, CifarFormat.CIFAR100);
    }

    Cifar100(ArchiveAddress archive, CifarFormat format) {
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
