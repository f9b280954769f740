package org.bame.datasets.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.SourceFile;
import org.bame.datasets.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Cifar10Test {

    private static final String OTHER_MD5 = "00000000000000000000000000000000";

    @TempDir
    private Path root;
    private final List<String> messages = new ArrayList<>();
    private final Cifar small = new Cifar(CifarFormat.CIFAR10.withRecords(3, 3));

    @Test
    void joinsTheFiveTrainingFilesInOrder() throws IOException {
        CifarFixture.folder(root.resolve(CifarFormat.CIFAR10.folder()), 3);

        ImageDataSet data = small.load(request(root));

        assertThat(data.name()).isEqualTo("cifar10");
        assertThat(data.train().size()).isEqualTo(15);
        assertThat(data.test().size()).isEqualTo(3);
        assertThat(data.train().label(4)).isEqualTo(1);
        // Record 1 of file 1: 0 * 7 + 1 * 13 + 1.
        assertThat(((InMemoryImages) data.train()).pixel(4, 0, 0, 0)).isEqualTo(14);
        assertThat(((InMemoryImages) data.test()).pixel(0, 0, 0, 0)).isEqualTo(5);
    }

    @Test
    void takesTheFolderItselfToo() throws IOException {
        CifarFixture.folder(root, 3);

        assertThat(small.load(request(root)).train().size()).isEqualTo(15);
    }

    @Test
    void tellsEveryDamagedFile() throws IOException {
        CifarFixture.folder(root, 3);
        Files.write(root.resolve("data_batch_2.bin"), new byte[10]);
        assertThatThrownBy(() -> small.load(request(root))).hasMessageStartingWith(root
                + "/data_batch_2.bin is truncated");
        Files.write(root.resolve("test_batch.bin"), new byte[99_999]);

        assertThatThrownBy(() -> small.load(request(root)))
                .isInstanceOf(DataSetException.class)
                .hasMessageStartingWith(
                        "2 files of CIFAR-10 cannot be used: data_batch_2.bin, test_batch.bin. The first: ")
                .hasMessageContaining("data_batch_2.bin is truncated: it has 10 bytes");
    }

    @Test
    void filesOfUnknownOriginAreUsedWithAWarningAndRecorded() throws IOException {
        CifarFixture.folder(root, 3);

        ImageDataSet data = small.load(request(root));

        assertThat(data.provenance().files()).extracting(SourceFile::verdict).containsOnly(Verdict.UNKNOWN);
        assertThat(data.provenance().files()).extracting(SourceFile::name).containsExactlyElementsOf(CifarFormat.CIFAR10
                .all());
        assertThat(data.provenance().description()).isEqualTo("CIFAR-10, 6 of 6 files of unknown origin");
        assertThat(messages).hasSize(6).allMatch(message -> message.startsWith("Warning: "))
                .first().asString().contains("data_batch_1.bin").contains("unknown origin")
                .contains("--download --data-dir OTHER_DIR").doesNotContain("delete");
    }

    @Test
    void filesUnpackedFromTheOfficialArchiveAreOfficialUntilTheyChange() throws IOException {
        CifarFixture.folder(root, 3);
        UnpackedRecord.write(root, CifarFormat.CIFAR10.all(), CifarFormat.CIFAR10.archive().md5());

        ImageDataSet data = small.load(request(root));
        assertThat(data.provenance().files()).extracting(SourceFile::verdict).containsOnly(Verdict.OFFICIAL);
        assertThat(data.provenance().description()).isEqualTo("CIFAR-10, official files");
        assertThat(messages).isEmpty();

        Files.write(root.resolve("test_batch.bin"), CifarFixture.records(3, 99));
        ImageDataSet changed = small.load(request(root));
        assertThat(changed.provenance().files().getLast().verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(changed.provenance().files().getFirst().verdict()).isEqualTo(Verdict.OFFICIAL);
        assertThat(changed.provenance().description()).isEqualTo("CIFAR-10, 1 of 6 files of unknown origin");
        assertThat(messages).singleElement().asString().contains("test_batch.bin").contains("has changed");
    }

    @Test
    void filesUnpackedFromAnotherArchiveAreNotOfficial() throws IOException {
        CifarFixture.folder(root, 3);
        UnpackedRecord.write(root, CifarFormat.CIFAR10.all(), OTHER_MD5);

        assertThat(small.load(request(root)).provenance().files()).extracting(SourceFile::verdict).containsOnly(
                Verdict.UNKNOWN);
    }

    @Test
    void anIncompleteFolderIsNeverDownloadedOver() throws IOException {
        Path folder = CifarFixture.folder(root.resolve(CifarFormat.CIFAR10.folder()), 3);
        Files.delete(folder.resolve("data_batch_2.bin"));

        assertThatThrownBy(() -> small.load(new DataRequest(Optional.of(root), true, messages::add)))
                .isInstanceOf(DataSetException.class).hasMessageContaining("data_batch_2.bin missing")
                .hasMessageContaining(folder.toString()).hasMessageContaining("--data-dir");
    }

    @Test
    void anEmptyFolderWithoutDownloadSaysWhatToDo() {
        assertThatThrownBy(() -> small.load(request(root))).isInstanceOf(DataSetException.class)
                .hasMessageContaining(root.toString()).hasMessageContaining("--data-dir")
                .hasMessageContaining("./bame data cifar10 --download")
                .hasMessageContaining("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
    }

    @Test
    void aVariantMustHaveItsOwnName() {
        String sum = "1c56621ea675bc020e791b7048af50595f4308627fb741d4a105da29126daf31";

        assertThat(CifarFormat.CIFAR10.variant("test_batch.bin", sum)).isPresent();
        assertThat(CifarFormat.CIFAR10.variant("data_batch_1.bin", sum)).isEmpty();
    }

    @Test
    void theRealDataSetIsIdentifiedAndHasThePublishedStatistics() {
        DataRequest request = DataRequest.standard(messages::add);
        Path folder = request.root().resolve(CifarFormat.CIFAR10.folder());
        assumeTrue(Files.isDirectory(folder), () -> "needs CIFAR-10 in " + folder);

        ImageDataSet data = new Cifar(CifarFormat.CIFAR10).load(new DataRequest(request.dataDir(), false,
                messages::add));

        assertThat(data.train().size()).isEqualTo(50_000);
        assertThat(data.test().size()).isEqualTo(10_000);
        int[] perClass = new int[10];
        for (int image = 0; image < 50_000; image++) {
            perClass[data.train().label(image)]++;
        }
        assertThat(perClass).containsOnly(5_000);
        double[] mean = {0.4914, 0.4822, 0.4465};
        double[] deviation = {0.2470, 0.2435, 0.2616};
        for (int channel = 0; channel < 3; channel++) {
            assertThat(data.statistics().mean().get(channel)).isCloseTo(mean[channel], within(1e-4));
            assertThat(data.statistics().standardDeviation().get(channel)).isCloseTo(deviation[channel], within(1e-4));
        }
        if (data.provenance().files().getFirst().verdict() == Verdict.KNOWN_VARIANT) {
            assertThat(data.provenance().description()).isEqualTo("CIFAR-10, 177 of 60,000 images JPEG-decoded");
        } else {
            assertThat(data.provenance().files()).extracting(SourceFile::verdict).containsOnly(Verdict.OFFICIAL);
        }
    }

    private DataRequest request(Path dataDir) {
        return new DataRequest(Optional.of(dataDir), false, messages::add);
    }
}
