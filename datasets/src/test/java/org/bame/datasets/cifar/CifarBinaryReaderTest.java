package org.bame.datasets.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.bame.datasets.DataSetException;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.cifar.CifarBinaryReader.CifarFile;
import org.bame.datasets.files.Digests;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CifarBinaryReaderTest {

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("data_batch_3.bin");
    }

    @Test
    void readsLabelsAndPixelsInOrder() throws IOException {
        byte[] records = CifarFixture.records(2, 0);
        records[CifarFormat.CIFAR10.recordBytes()] = 9;
        records[CifarFormat.CIFAR10.recordBytes() + 1 + 2 * 1024 + 5 * 32 + 7] = (byte) 250;
        Files.write(file, records);

        CifarFile read = new CifarBinaryReader(CifarFormat.CIFAR10.withRecords(2, 2)).read(file);
        InMemoryImages images = read.images();

        assertThat(images.size()).isEqualTo(2);
        assertThat(images.label(0)).isZero();
        assertThat(images.label(1)).isEqualTo(9);
        assertThat(images.pixel(1, 2, 5, 7)).isEqualTo(250);
        assertThat(images.pixel(0, 0, 0, 1)).isEqualTo(7);
        assertThat(images.pixel(0, 1, 0, 0)).isEqualTo(1024 * 7 % 256);
    }

    /** The digest of the bytes "abc" is the example of FIPS 180. */
    @Test
    void theChecksumIsThatOfTheWholeFile() throws IOException {
        assertThat(Digests.sha256("abc".getBytes()))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        byte[] records = CifarFixture.records(2, 0);
        Files.write(file, records);

        assertThat(new CifarBinaryReader(CifarFormat.CIFAR10.withRecords(2, 2)).read(file).sha256())
                .isEqualTo(Digests.sha256(records))
                .isEqualTo(Digests.sha256(file));
    }

    @Test
    void aTruncatedFileIsNamedWithBothSizes() throws IOException {
        Files.write(file, Arrays.copyOf(CifarFixture.records(2, 0), 2 * 3073 - 1));

        assertFault().hasMessageContaining("truncated").hasMessageContaining("6,145 bytes, expected exactly 6,146");
    }

    @Test
    void aFileWithARecordTooFewIsTruncatedToo() throws IOException {
        Files.write(file, CifarFixture.records(1, 0));

        assertFault().hasMessageContaining("truncated").hasMessageContaining("3,073 bytes");
    }

    @Test
    void anEmptyFileIsTruncated() throws IOException {
        Files.write(file, new byte[0]);

        assertFault().hasMessageContaining("truncated").hasMessageContaining("it has 0 bytes");
    }

    @Test
    void aFileThatIsTooLongIsNamedWithBothSizes() throws IOException {
        Files.write(file, CifarFixture.records(3, 0));

        assertFault().hasMessageContaining("too long").hasMessageContaining("9,219 bytes, expected exactly 6,146");
    }

    @Test
    void aMissingFileIsNamed() {
        assertFault().hasMessageContaining("is missing");
    }

    @Test
    void aLabelAboveNineIsNamedWithItsRecord() throws IOException {
        byte[] records = CifarFixture.records(2, 0);
        records[CifarFormat.CIFAR10.recordBytes()] = 10;
        Files.write(file, records);

        assertFault().hasMessageContaining("record 1").hasMessageContaining("label 10, expected 0 to 9");
    }

    @Test
    void aLabelByteIsUnsigned() throws IOException {
        byte[] records = CifarFixture.records(2, 0);
        records[0] = (byte) 0xFF;
        Files.write(file, records);

        assertFault().hasMessageContaining("label 255");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertFault() {
        return assertThatThrownBy(() -> new CifarBinaryReader(CifarFormat.CIFAR10.withRecords(2, 2)).read(file))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining("--data-dir");
    }
}
