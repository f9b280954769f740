package org.bame.datasets.cifar;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.DataProvenance;
import org.bame.datasets.SourceFile;
import org.bame.datasets.Verdict;

/** Finds out what the files of one folder are, by their checksums. */
final class CifarIdentification {

    private final Path folder;
    private final Optional<UnpackedRecord> unpacked;
    private final CifarFormat format;
    private final List<SourceFile> files = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int jpegDecoded;

    /**
     * @param folder holds the files and, if they were unpacked here, their record
     * @param format of the files
     */
    CifarIdentification(Path folder, CifarFormat format) {
        this.folder = folder;
        String official = format.archive().md5();
        this.unpacked = UnpackedRecord.read(folder).filter(record -> record.archiveMd5().equals(official));
        this.format = format;
    }

    /** Adds a file that was read. */
    void add(String name, String sha256) {
        Optional<String> recorded = unpacked.map(record -> record.sha256().get(name));
        Optional<CifarFormat.Variant> variant = format.variant(name, sha256);
        Verdict verdict;
        if (recorded.isPresent() && recorded.get().equals(sha256)) {
            verdict = Verdict.OFFICIAL;
        } else if (variant.isPresent()) {
            verdict = Verdict.KNOWN_VARIANT;
            jpegDecoded += variant.get().jpegDecoded();
        } else {
            verdict = Verdict.UNKNOWN;
            String reason = recorded.isPresent() ? "it has changed since it was unpacked from the official archive"
                    : "it is neither from the official archive as downloaded by this program nor a known copy";
            warnings.add(folder.resolve(name) + " is of unknown origin: " + reason + " (SHA-256 " + sha256
                    + "). Results are marked so. A verified copy is fetched into another folder by "
                    + Cifar.elsewhere(format));
        }
        files.add(new SourceFile(name, sha256, verdict));
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    DataProvenance provenance() {
        return new DataProvenance(description(), files, warnings);
    }

    private String description() {
        List<String> remarks = new ArrayList<>();
        if (jpegDecoded > 0) {
            remarks.add("%,d of %,d images JPEG-decoded".formatted(jpegDecoded, files.stream().mapToInt(file -> format
                    .records(file.name())).sum()));
        }
        long unknown = files.stream().filter(file -> file.verdict() == Verdict.UNKNOWN).count();
        if (unknown > 0) {
            remarks.add("%d of %d files of unknown origin".formatted(unknown, files.size()));
        }
        return format.title() + (remarks.isEmpty() ? ", official files" : ", " + String.join(", ", remarks));
    }
}
