package org.bame.datasets.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.InMemoryImages;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Cifar100Test {

    private static final int RECORD_BYTES = 2 + 3 * 1024;

    @TempDir
    private Path root;
    private Path folder;
    private final Cifar small = new Cifar(CifarFormat.CIFAR100.withRecords(3, 2));

    @BeforeEach
    void write() throws IOException {
        folder = Files.createDirectory(root.resolve("cifar-100-binary"));
        Files.write(folder.resolve("train.bin"), records(3, 97));
        Files.write(folder.resolve("test.bin"), records(2, 5));
    }

    @Test
    void theClassIsTheSecondLabelByte() {
        ImageDataSet data = small.load(DataRequest.offline(root));

        assertThat(data.name()).isEqualTo("cifar100");
        assertThat(data.classes()).isEqualTo(100);
        assertThat(data.train().size()).isEqualTo(3);
        assertThat(data.test().size()).isEqualTo(2);
        assertThat(data.train().label(0)).isEqualTo(97);
        assertThat(data.train().label(2)).isEqualTo(99);
        assertThat(data.test().label(1)).isEqualTo(6);
        InMemoryImages train = (InMemoryImages) data.train();
        assertThat(train.pixel(1, 0, 0, 0)).isEqualTo(11);
        assertThat(train.pixel(1, 2, 0, 1)).isEqualTo((11 + 2 * 1024 + 1) % 256);
        assertThat(data.provenance().description()).isEqualTo("CIFAR-100, 2 of 2 files of unknown origin");
    }

    @Test
    void filesOfCifar10AreNotTaken() throws IOException {
        Files.write(folder.resolve("train.bin"), CifarFixture.records(3, 0));

        assertThatThrownBy(() -> small.load(DataRequest.offline(root))).isInstanceOf(DataSetException.class)
                .hasMessageContaining(
                        "train.bin is truncated: it has 9,219 bytes, expected exactly 9,222 (3 records of 3,074");
    }

    @Test
    void aClassAbove99IsAnError() throws IOException {
        Files.write(folder.resolve("test.bin"), records(2, 99));

        assertThatThrownBy(() -> small.load(DataRequest.offline(root))).isInstanceOf(DataSetException.class)
                .hasMessageContaining("is not a CIFAR-100 file: record 1 (byte 3,075) has label 100, expected 0 to 99");
    }

    @Test
    void publishedFilesHaveThePublishedSize() {
        assertThatThrownBy(() -> new Cifar(CifarFormat.CIFAR100).load(DataRequest.offline(root)))
                .hasMessageContaining("expected exactly 153,700,000 (50,000 records of 3,074 bytes)");
        assertThatThrownBy(() -> new Cifar(CifarFormat.CIFAR100).load(DataRequest.offline(folder.resolve("none"))))
                .hasMessageContaining("./bame data cifar100 --download' downloads it (161 MiB)")
                .hasMessageContaining("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz");
    }

    /** Groups count down from 19, classes up from {@code firstClass}; pixels differ from record to record. */
    private static byte[] records(int count, int firstClass) {
        byte[] bytes = new byte[count * RECORD_BYTES];
        for (int record = 0; record < count; record++) {
            int at = record * RECORD_BYTES;
            bytes[at] = (byte) (19 - record);
            bytes[at + 1] = (byte) (firstClass + record);
            for (int value = 0; value < RECORD_BYTES - 2; value++) {
                bytes[at + 2 + value] = (byte) (value + 11 * record);
            }
        }
        return bytes;
    }
}
