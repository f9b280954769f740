package org.bame.datasets.cifar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes small files in CIFAR-10's format. */
final class CifarFixture {

    private CifarFixture() {}

    /** Records whose labels count up from 0 and whose pixels differ from record to record and file to file. */
    static byte[] records(int count, int variation) {
        byte[] bytes = new byte[count * CifarFormat.CIFAR10.recordBytes()];
        for (int record = 0; record < count; record++) {
            int at = record * CifarFormat.CIFAR10.recordBytes();
            bytes[at] = (byte) (record % 10);
            for (int value = 0; value < CifarFormat.SHAPE.size(); value++) {
                bytes[at + 1 + value] = (byte) (value * 7 + record * 13 + variation);
            }
        }
        return bytes;
    }

    /** A folder with all six files. */
    static Path folder(Path folder, int recordsPerFile) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < CifarFormat.CIFAR10.all().size(); file++) {
            Files.write(folder.resolve(CifarFormat.CIFAR10.all().get(file)), records(recordsPerFile, file));
        }
        return folder;
    }
}
