package org.bame.datasets.cifar;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.cifar.CifarBinaryReader.CifarFile;
import org.bame.datasets.files.ArchiveAddress;
import org.bame.datasets.files.ArchiveInstaller;

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

    /** How to get the official files, whose checksum is verified. */
    static final String DOWNLOAD = "'./bame data " + NAME + " --download' downloads it (162 MiB).";
    /** The same, beside files that are there. */
    static final String ELSEWHERE = "'./bame data " + NAME
            + " --download --data-dir OTHER_DIR'; then name that one with "
            + "--data-dir.";

    private final ArchiveAddress archive;
    private final int recordsPerFile;

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
        this(archive, CifarBinaryReader.PUBLISHED_RECORDS);
    }

    Cifar10(ArchiveAddress archive, int recordsPerFile) {
        this.archive = archive;
        this.recordsPerFile = recordsPerFile;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return "CIFAR-10, 50,000 + 10,000 photographs of 10 classes, 3x32x32; from a folder, or downloaded (162 MiB) "
                + "from " + archive.uri();
    }

    @Override
    public ImageDataSet load(DataRequest request) {
        Path folder = locate(request);
        CifarBinaryReader reader = new CifarBinaryReader(recordsPerFile);
        CifarIdentification identification = new CifarIdentification(folder, archive.md5(), recordsPerFile);
        List<InMemoryImages> images = read(reader, folder, identification);
        identification.warnings().forEach(warning -> request.progress().accept("Warning: " + warning));
        return ImageDataSet.of(NAME, join(images.subList(0, CifarFiles.TRAIN.size())), images.getLast(), identification
                .provenance());
    }

    /** Reads the five files for training, and behind them the one for testing; tells all that are damaged. */
    private static List<InMemoryImages> read(
            CifarBinaryReader reader, Path folder, CifarIdentification identification) {
        List<InMemoryImages> images = new ArrayList<>();
        Map<String, DataSetException> damaged = new LinkedHashMap<>();
        for (String name : CifarFiles.ALL) {
            try {
                CifarFile file = reader.read(folder.resolve(name));
                identification.add(name, file.sha256());
                images.add(file.images());
            } catch (DataSetException e) {
                damaged.put(name, e);
            }
        }
        if (!damaged.isEmpty()) {
            DataSetException first = damaged.values().iterator().next();
            throw damaged.size() == 1
                    ? first
                    : new DataSetException(damaged.size() + " files of CIFAR-10 cannot be used: "
                            + String.join(", ", damaged.keySet()) + ". The first: " + first.getMessage(), first);
        }
        return images;
    }

    /** The folder with the six files, after downloading them if there are none and that is allowed. */
    private Path locate(DataRequest request) {
        Path root = request.root();
        Path inside = root.resolve(CifarFiles.FOLDER);
        if (Files.isDirectory(inside)) {
            return requireComplete(inside);
        }
        if (CifarFiles.ALL.stream().anyMatch(name -> Files.exists(root.resolve(name)))) {
            return requireComplete(root);
        }
        if (!request.allowDownload()) {
            throw new DataSetException("CIFAR-10 is not in " + root + ": neither a folder " + CifarFiles.FOLDER
                    + " nor data_batch_1.bin is there, and downloading was not asked for. "
                    + DOWNLOAD + " " + remedy());
        }
        new ArchiveInstaller(archive, request.progress()).install(root, CifarFiles.FOLDER, CifarFiles.ALL,
                unpacked -> UnpackedRecord.write(unpacked, CifarFiles.ALL, archive.md5()), remedy());
        return requireComplete(inside);
    }

    private Path requireComplete(Path folder) {
        List<String> missing = CifarFiles.ALL.stream()
                .filter(name -> !Files.isRegularFile(folder.resolve(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw new DataSetException("CIFAR-10 in " + folder + " is incomplete: " + String.join(", ", missing)
                    + " missing. Copy what is missing into it, or have the official files downloaded elsewhere: "
                    + ELSEWHERE);
        }
        return folder;
    }

    private String remedy() {
        return "Without a network, fetch " + archive.uri() + " elsewhere, unpack it, and name the folder that holds "
                + CifarFiles.FOLDER + " with --data-dir DIR or " + DataRequest.DATA_DIR_VARIABLE + ".";
    }

    private static InMemoryImages join(List<InMemoryImages> parts) {
        int size = parts.stream().mapToInt(InMemoryImages::size).sum();
        byte[] pixels = new byte[size * CifarBinaryReader.SHAPE.size()];
        byte[] labels = new byte[size];
        int at = 0;
        for (InMemoryImages part : parts) {
            for (int image = 0; image < part.size(); image++, at++) {
                part.copyImage(image, pixels, at * CifarBinaryReader.SHAPE.size());
                labels[at] = (byte) part.label(image);
            }
        }
        return InMemoryImages.adopt(CifarBinaryReader.SHAPE, CifarBinaryReader.CLASSES, pixels, labels);
    }
}
