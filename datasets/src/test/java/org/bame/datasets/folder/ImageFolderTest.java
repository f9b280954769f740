package org.bame.datasets.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.ImageFiles;
import org.bame.datasets.ImageShape;
import org.bame.datasets.SourceFile;
import org.bame.datasets.Verdict;
import org.bame.datasets.files.Digests;
import org.bame.datasets.pipeline.BatchBuffers;
import org.bame.datasets.pipeline.BatchPlan;
import org.bame.datasets.pipeline.BatchStream;
import org.bame.datasets.pipeline.ImageBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageFolderTest {

    private static final ImageFolder PETS = new ImageFolder(
            "pets",
            "Pets",
            List.of("pets-full", "pets-small"),
            new ImageFolder.Expected(3, 6, 3),
            16,
            Map.of(),
            "Photograph some.");

    @TempDir
    private Path root;

    private final List<String> messages = new ArrayList<>();

    @Test
    void classesAreFoldersInTheOrderOfTheirNamesAndTakeTurns() {
        FolderFixture.writePart(root.resolve("train"), 2, "dog", "cat", "fox");
        FolderFixture.write(root.resolve("train/cat/more.JPEG"), 9, 9, 1);
        FolderFixture.writePart(root.resolve("val"), 1, "fox", "cat", "dog");

        ImageDataSet data = load();

        assertThat(data.name()).isEqualTo("pets");
        assertThat(data.shape()).isEqualTo(new ImageShape(3, 16, 16));
        assertThat(data.statistics()).isEqualTo(ChannelStatistics.IMAGENET);
        ImageFiles train = (ImageFiles) data.train();
        assertThat(train.classNames()).containsExactly("cat", "dog", "fox");
        assertThat(IntStream.range(0, 7).mapToObj(image -> root.resolve("train").relativize(train.file(image))
                .toString()))
                .containsExactly("cat/0.JPEG", "dog/0.JPEG", "fox/0.JPEG", "cat/1.JPEG", "dog/1.JPEG", "fox/1.JPEG",
                        "cat/more.JPEG");
        assertThat(IntStream.range(0, 7).map(train::label)).containsExactly(0, 1, 2, 0, 1, 2, 0);
        assertThat(data.at(24).shape()).isEqualTo(new ImageShape(3, 24, 24));
        assertThat(data.at(0)).isSameAs(data);
    }

    @Test
    void theFolderOfADataSetIsFoundByItsName() {
        FolderFixture.writePart(root.resolve("pets-small/train"), 2, "cat", "dog", "fox");
        FolderFixture.writePart(root.resolve("pets-small/val"), 1, "cat", "dog", "fox");

        assertThat(((ImageFiles) load().test()).file(2)).isEqualTo(root.resolve("pets-small/val/fox/0.JPEG"));
    }

    @Test
    void provenanceIsADigestOfNamesAndSizes() throws IOException {
        FolderFixture.writePart(root.resolve("train"), 2, "cat", "dog", "fox");
        FolderFixture.writePart(root.resolve("val"), 1, "cat", "dog", "fox");
        String lines = List.of("cat/0.JPEG", "dog/0.JPEG", "fox/0.JPEG").stream()
                .map(file -> file + " " + root.resolve("val").resolve(file).toFile().length() + "\n")
                .collect(Collectors.joining());

        SourceFile test = load().provenance().files().get(1);

        assertThat(test.name()).isEqualTo("val (names and sizes)");
        assertThat(test.sha256()).isEqualTo(Digests.sha256(lines.getBytes()));
        assertThat(test.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(messages).containsExactly("Pets: " + root, "Warning: " + root
                + " has as many images as Pets, and no more was checked."
                + " Results carry a digest of its files' names and sizes.");
        Files.write(root.resolve("val/fox/0.JPEG"), new byte[10]);
        assertThat(load().provenance().files().get(1).sha256()).isNotEqualTo(test.sha256());
    }

    @Test
    void aKnownCopyIsNamed() {
        FolderFixture.writePart(root.resolve("train"), 2, "cat", "dog", "fox");
        FolderFixture.writePart(root.resolve("val"), 1, "cat", "dog", "fox");
        Map<String, String> digests = load().provenance().files().stream()
                .collect(Collectors.toMap(SourceFile::sha256, _ -> "drawn"));
        messages.clear();
        ImageFolder known = new ImageFolder(
                "pets", "Pets", PETS.folders(), PETS.expected(), 16, digests, PETS.remedy());

        ImageDataSet data = known.load(request());

        assertThat(data.provenance().description()).isEqualTo("Pets, 6 + 3 images, drawn");
        assertThat(data.provenance().files()).extracting(SourceFile::verdict).containsOnly(Verdict.KNOWN_VARIANT);
        assertThat(messages).containsExactly("Pets: " + root);
    }

    @Test
    void othersFilesAreLeftOutAndCountsAreCompared() throws IOException {
        FolderFixture.writePart(root.resolve("train"), 3, "cat", "dog", "fox");
        FolderFixture.writePart(root.resolve("val"), 1, "cat", "dog", "fox");
        Files.writeString(root.resolve("train/cat/notes.txt"), "none");
        Files.writeString(root.resolve("train/LICENSE"), "none");
        Files.createDirectory(root.resolve("train/.cache"));

        ImageDataSet data = load();

        assertThat(data.train().size()).isEqualTo(9);
        assertThat(data.provenance().warnings()).containsExactly(
                root + " has 9 + 3 images, published are 6 + 3. Results are not those of Pets.",
                "1 files in " + root + " were passed over: they do not end as images do.");
    }

    @Test
    void tellsWhatIsNotThere() {
        assertThatThrownBy(this::load).isInstanceOf(DataSetException.class)
                .hasMessage("Pets is not in " + root + ": expected a folder pets-full or pets-small there with"
                        + " train/CLASS/*.JPEG and val/CLASS/*.JPEG, or these two in it. Photograph some.");
        FolderFixture.writePart(root.resolve("train"), 2, "cat", "dog", "fox");
        assertThatThrownBy(this::load).isInstanceOf(DataSetException.class)
                .hasMessageContaining("is incomplete: there is no folder val");
    }

    @Test
    void anotherNumberOfClassesIsAnError() {
        FolderFixture.writePart(root.resolve("train"), 1, "cat", "dog");
        FolderFixture.writePart(root.resolve("val"), 1, "cat", "dog");

        assertThatThrownBy(this::load).isInstanceOf(DataSetException.class)
                .hasMessage(root.resolve("train") + " is not all of Pets: got 2 class folders (cat, dog), expected 3."
                        + " Photograph some.");
    }

    @Test
    void classesOfBothPartsMustBeTheSame() {
        FolderFixture.writePart(root.resolve("train"), 1, "cat", "dog", "fox");
        FolderFixture.writePart(root.resolve("val"), 1, "cat", "dog", "elk", "fox");
        assertThatThrownBy(this::load).isInstanceOf(DataSetException.class)
                .hasMessageContaining(root.resolve("val") + " has 1 class folders that " + root.resolve("train")
                        + " has not: elk;");
        FolderFixture.writePart(root.resolve("train"), 1, "elk");
        FolderFixture.writePart(root.resolve("val"), 1, "gnu", "hen", "imp", "jay");
        ImageFolder four = new ImageFolder(
                "pets", "Pets", PETS.folders(), new ImageFolder.Expected(4, 4, 4), 16, Map.of(), "");
        assertThatThrownBy(() -> four.load(request())).hasMessageContaining("4 class folders that")
                .hasMessageContaining("gnu, hen, imp, ...;");
    }

    @Test
    void aClassInTrainAloneIsAnErrorToo() {
        FolderFixture.writePart(root.resolve("train"), 1, "cat", "dog", "fox");
        FolderFixture.writePart(root.resolve("val"), 1, "cat", "dog");
        assertThatThrownBy(this::load).isInstanceOf(DataSetException.class)
                .hasMessageContaining(root.resolve("train") + " has 1 class folders that");
    }

    @Test
    void imagesThatAreNotSortedAreAnError() {
        FolderFixture.writePart(root.resolve("train"), 1, "cat", "dog", "fox");
        FolderFixture.write(root.resolve("val/1.JPEG"), 5, 5, 1);
        assertThatThrownBy(this::load).isInstanceOf(DataSetException.class)
                .hasMessageContaining("val holds images outside of folders")
                .hasMessageContaining("Sort the images into folders");
    }

    @Test
    void imagesLeftBesideTheFoldersAreAnError() {
        FolderFixture.writePart(root.resolve("train"), 1, "cat", "dog", "fox");
        FolderFixture.writePart(root.resolve("val"), 1, "cat", "dog", "fox");
        FolderFixture.write(root.resolve("val/1.JPEG"), 5, 5, 1);
        assertThatThrownBy(this::load).isInstanceOf(DataSetException.class)
                .hasMessageContaining("val holds images outside of folders");
    }

    @Test
    void anEmptyClassIsAnError() throws IOException {
        FolderFixture.writePart(root.resolve("train"), 1, "cat", "dog");
        Files.createDirectory(root.resolve("train/fox"));
        Files.createDirectory(root.resolve("val"));
        assertThatThrownBy(this::load).isInstanceOf(DataSetException.class)
                .hasMessageContaining("1 class folders without an image (fox)");
    }

    @Test
    void imagenetHasAThousandClasses() {
        FolderFixture.writePart(root.resolve("imagenet/train"), 1, "n01440764", "n02102040");
        FolderFixture.writePart(root.resolve("imagenet/val"), 1, "n01440764", "n02102040");
        assertThatThrownBy(() -> new ImageNet().load(DataRequest.offline(root))).isInstanceOf(DataSetException.class)
                .hasMessageContaining("got 2 class folders (n01440764, n02102040), expected 1,000")
                .hasMessageContaining("register at https://image-net.org");
    }

    @Test
    void theRealImagenetteIsKnownAndReadable() {
        Path data = DataRequest.standard(messages::add).root();
        assumeTrue(Files.isDirectory(data.resolve("imagenette-72")), "no Imagenette in " + data);
        ImageDataSet imagenette = new Imagenette().load(new DataRequest(Optional.of(data.resolve("imagenette-72")),
                false,
                messages::add, 2));

        assertThat(imagenette.train().size()).isEqualTo(9_469);
        assertThat(imagenette.test().size()).isEqualTo(3_925);
        assertThat(imagenette.classes()).isEqualTo(10);
        assertThat(imagenette.provenance().files()).extracting(SourceFile::verdict).containsOnly(Verdict.KNOWN_VARIANT);
        assertThat(messages).containsExactly("Imagenette: " + data.resolve("imagenette-72"));
        BatchBuffers buffers = new BatchBuffers(imagenette.shape(), 100);
        double sum = 0;
        try (BatchStream stream = BatchStream.open(
                imagenette.test(), imagenette.statistics(), BatchPlan.evaluation(100).limitedTo(300), buffers)) {
            while (stream.hasNext()) {
                try (ImageBatch batch = stream.next()) {
                    for (float value : batch.features()) {
                        sum += value;
                    }
                }
            }
        }
        // Normalised by the constants of ImageNet, photographs have a mean near 0.
        assertThat(sum / (300 * imagenette.shape().size())).isBetween(-0.3, 0.3);
    }

    private ImageDataSet load() {
        return PETS.load(request());
    }

    private DataRequest request() {
        return new DataRequest(Optional.of(root), false, messages::add);
    }
}
