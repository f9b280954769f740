package org.bame.datasets.cifar;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.ImageShape;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.cifar.CifarBinaryReader.CifarFile;
import org.bame.datasets.files.ArchiveAddress;
import org.bame.datasets.files.ArchiveInstaller;

/**
 * {@code cifar10} and {@code cifar100}: 50,000 training and 10,000 test images of 10 or 100 classes, 3x32x32 (A. Krizhevsky,
 * "Learning Multiple Layers of Features from Tiny Images", 2009). Taken from a folder, or downloaded into it from the official
 * address.
 */
public final class Cifar implements DataSetFactory {

    private final CifarFormat format;

    /** @param format which of them */
    public Cifar(CifarFormat format) {
        this.format = format;
    }

    @Override
    public String name() {
        return format.name();
    }

    @Override
    public String describe() {
        return "%s, %,d + %,d photographs of %d classes, %s; from a folder, or downloaded (%d MiB) from %s".formatted(
                format.title(), format.trainImages(), format.testRecords(), format.classes(), CifarFormat.SHAPE,
                format.archiveMebibytes(), format.archive().uri());
    }

    /** How to get official files beside those that are there; their checksum is verified. */
    static String elsewhere(CifarFormat format) {
        return "'./bame data " + format.name()
                + " --download --data-dir OTHER_DIR'; then name that one with --data-dir.";
    }

    @Override
    public Optional<ImageShape> onlyShape() {
        return Optional.of(CifarFormat.SHAPE);
    }

    @Override
    public ImageDataSet load(DataRequest request) {
        Path folder = locate(request);
        CifarBinaryReader reader = new CifarBinaryReader(format);
        CifarIdentification identification = new CifarIdentification(folder, format);
        List<InMemoryImages> images = read(reader, folder, identification);
        identification.warnings().forEach(warning -> request.progress().accept("Warning: " + warning));
        return ImageDataSet.of(
                format.name(),
                join(images.subList(0, format.train().size())),
                images.getLast(),
                identification.provenance());
    }

    /** Reads the files for training, and behind them the one for testing; tells all that are damaged. */
    private List<InMemoryImages> read(
            CifarBinaryReader reader, Path folder, CifarIdentification identification) {
        List<InMemoryImages> images = new ArrayList<>();
        Map<String, DataSetException> damaged = new LinkedHashMap<>();
        for (String name : format.all()) {
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
                    : new DataSetException(damaged.size() + " files of " + format.title() + " cannot be used: "
                            + String.join(", ", damaged.keySet()) + ". The first: " + first.getMessage(), first);
        }
        return images;
    }

    /** The folder with the files, after downloading them if there are none and that is allowed. */
    private Path locate(DataRequest request) {
        Path root = request.root();
        Path inside = root.resolve(format.folder());
        if (Files.isDirectory(inside)) {
            return requireComplete(inside);
        }
        if (format.all().stream().anyMatch(name -> Files.exists(root.resolve(name)))) {
            return requireComplete(root);
        }
        if (!request.allowDownload()) {
            throw new DataSetException(format.title() + " is not in " + root + ": neither a folder " + format.folder()
                    + " nor " + format.train().getFirst()
                    + " is there, and downloading was not asked for. './bame data "
                    + format.name() + " --download' downloads it (" + format.archiveMebibytes() + " MiB). " + remedy());
        }
        ArchiveAddress archive = format.archive();
        new ArchiveInstaller(archive, request.progress()).install(root, format.folder(), format.all(),
                unpacked -> UnpackedRecord.write(unpacked, format.all(), archive.md5()), remedy());
        return requireComplete(inside);
    }

    private Path requireComplete(Path folder) {
        List<String> missing = format.all().stream()
                .filter(name -> !Files.isRegularFile(folder.resolve(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw new DataSetException(format.title() + " in " + folder + " is incomplete: " + String.join(", ",
                    missing)
                    + " missing. Copy what is missing into it, or have the official files downloaded elsewhere: "
                    + elsewhere(format));
        }
        return folder;
    }

    private String remedy() {
        return "Without a network, fetch " + format.archive().uri()
                + " elsewhere, unpack it, and name the folder that holds "
                + format.folder() + " with --data-dir DIR or " + DataRequest.DATA_DIR_VARIABLE + ".";
    }

    private InMemoryImages join(List<InMemoryImages> parts) {
        int size = parts.stream().mapToInt(InMemoryImages::size).sum();
        byte[] pixels = new byte[size * CifarFormat.SHAPE.size()];
        byte[] labels = new byte[size];
        int at = 0;
        for (InMemoryImages part : parts) {
            for (int image = 0; image < part.size(); image++, at++) {
                part.copyImage(image, pixels, at * CifarFormat.SHAPE.size());
                labels[at] = (byte) part.label(image);
            }
        }
        return InMemoryImages.adopt(CifarFormat.SHAPE, format.classes(), pixels, labels);
    }
}
