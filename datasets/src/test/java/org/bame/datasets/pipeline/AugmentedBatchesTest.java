package org.bame.datasets.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.DataRequest;
import org.bame.datasets.ImageFiles;
import org.bame.datasets.ImageShape;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.folder.FolderFixture;
import org.bame.datasets.folder.ImageIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that is done to images, in batches. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AugmentedBatchesTest {

    private static final Augmentation CROP = Augmentation.RANDOM_RESIZED_CROP_FLIP;
    private static final AugmentationPolicy ALL = new AugmentationPolicy(CROP, 3, 9, 0.1, 0.5, 0.8, 1);
    static final List<AugmentationPolicy> POLICIES = List.of(
            new AugmentationPolicy(Augmentation.NONE, 1, 9, 0, 0, 0, 0),
            new AugmentationPolicy(Augmentation.PAD_CROP_FLIP, 1, 9, 0, 0, 0, 0),
            new AugmentationPolicy(CROP, 1, 0, 0.1, 0, 0, 0),
            new AugmentationPolicy(CROP, 1, 0, 0, 0.5, 0, 0),
            new AugmentationPolicy(CROP, 1, 0, 0, 0, 0.8, 0),
            new AugmentationPolicy(CROP, 1, 0, 0, 0, 0, 1),
            new AugmentationPolicy(CROP, 3, 0, 0, 0, 0, 0),
            ALL);
    private static final int SIDE = 14;
    private static final int IMAGES = 23;
    private static final int BATCH = 5;
    private static final ChannelStatistics IDENTITY =
            new ChannelStatistics(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));

    @TempDir
    private Path folder;

    @BeforeEach
    void write() {
        for (int image = 0; image < IMAGES; image++) {
            FolderFixture.write(folder.resolve("c" + image % 3).resolve(image + ".JPEG"), 15 + image, 40 - image,
                    image);
        }
    }

    @ParameterizedTest
    @FieldSource("POLICIES")
    void batchesAreTheSameWhateverTheNumberOfThreadsAndWhereverTheyBegin(AugmentationPolicy policy) {
        BatchPlan plan = BatchPlan.training(BATCH, policy, 3, 1).keepingLast();
        List<String> alone = read(files(1), plan);

        assertThat(alone).hasSize(5).doesNotHaveDuplicates();
        assertThat(read(files(3), plan)).isEqualTo(alone);
        assertThat(read(files(16), plan)).isEqualTo(alone);
        for (int start = 0; start <= 5; start++) {
            assertThat(read(files(2), plan.startingAt(start))).isEqualTo(alone.subList(start, 5));
        }
        assertThat(read(files(2), BatchPlan.training(BATCH, policy, 3, 2).keepingLast())).isNotEqualTo(alone);
        assertThat(read(files(2), BatchPlan.training(BATCH, policy, 4, 1).keepingLast())).isNotEqualTo(alone);
    }

    @ParameterizedTest
    @FieldSource("POLICIES")
    void eachPartChangesSomething(AugmentationPolicy policy) {
        assertThat(read(files(2), BatchPlan.training(BATCH, policy, 3, 1)))
                .isNotEqualTo(read(files(2), BatchPlan.training(BATCH, policy.crop(), 3, 1)));
    }

    static Stream<ImageShape> oddShapes() {
        return Stream.of(new ImageShape(3, 1, 1), new ImageShape(3, 1, 7), new ImageShape(3, 9, 2),
                new ImageShape(3, 13, 31));
    }

    @ParameterizedTest
    @MethodSource("oddShapes")
    void imagesInMemoryOfAnyExtentAreAugmented(ImageShape shape) {
        byte[] pixels = new byte[31 * shape.size()];
        for (int at = 0; at < pixels.length; at++) {
            pixels[at] = (byte) (at * 37 + at / 11);
        }
        InMemoryImages images = InMemoryImages.adopt(shape, 1, pixels, new byte[31]);
        for (AugmentationPolicy policy : POLICIES) {
            BatchPlan plan = BatchPlan.training(7, policy, 1, 0).keepingLast();
            List<String> batches = read(images, plan);
            assertThat(batches).hasSize(5);
            assertThat(read(images, plan)).isEqualTo(batches);
        }
    }

    /** A repeated image is cropped anew each time, and each of its versions is that of no other image. */
    @Test
    void repetitionsAreDifferent() {
        AugmentationPolicy thrice = new AugmentationPolicy(CROP, 3, 0, 0, 0, 0, 0);
        List<String> images = new ArrayList<>();
        BatchBuffers buffers = new BatchBuffers(new ImageShape(3, SIDE, SIDE), 21);
        try (BatchStream stream = BatchStream.open(files(2), IDENTITY, BatchPlan.training(21, thrice, 1, 0), buffers);
                ImageBatch batch = stream.next()) {
            for (int image = 0; image < 21; image++) {
                int at = image * buffers.shape().size();
                images.add(Arrays.toString(Arrays.copyOfRange(batch.features(), at, at + buffers.shape().size())));
                assertThat(batch.labels()[image]).isEqualTo(batch.labels()[image / 3 * 3]);
            }
            assertThat(batch.labelShare()).isEqualTo(1);
        }
        assertThat(images).doesNotHaveDuplicates();
    }

    /** Images of one level each, so that the features show the share, and what was mixed into which. */
    @ParameterizedTest
    @FieldSource("POLICIES")
    void labelsTellWhatWasMixed(AugmentationPolicy any) {
        AugmentationPolicy policy = new AugmentationPolicy(Augmentation.NONE, 1, 0, 0, 0, any.mixup(), any.cutmix());
        ImageShape shape = new ImageShape(1, 6, 5);
        byte[] pixels = new byte[9 * shape.size()];
        byte[] labels = new byte[9];
        for (int image = 0; image < 9; image++) {
            Arrays.fill(pixels, image * shape.size(), (image + 1) * shape.size(), (byte) (image * 20));
            labels[image] = (byte) image;
        }
        InMemoryImages images = InMemoryImages.adopt(shape, 9, pixels, labels);
        ChannelStatistics levels = new ChannelStatistics(List.of(0.0), List.of(20 / 255.0));
        BatchBuffers buffers = new BatchBuffers(shape, 9);
        for (int epoch = 0; epoch < 30; epoch++) {
            try (BatchStream stream = BatchStream.open(images, levels, BatchPlan.training(9, policy, 1, epoch),
                    buffers);
                    ImageBatch batch = stream.next()) {
                assertThat(batch.labelShare()).isBetween(0f, 1f);
                for (int image = 0; image < 9; image++) {
                    int other = batch.mixedLabels()[image];
                    assertThat(other).isEqualTo(batch.labels()[policy.isMixing() ? 8 - image : image]);
                    double mean = 0;
                    for (int at = 0; at < shape.size(); at++) {
                        mean += batch.features()[image * shape.size() + at] / shape.size();
                    }
                    double expected =
                            batch.labelShare() * batch.labels()[image] + (1 - batch.labelShare()) * other;
                    assertThat(mean).isCloseTo(expected, within(1e-5));
                }
            }
        }
    }

    @Test
    void coloursAreRequired() {
        InMemoryImages grey = InMemoryImages.adopt(new ImageShape(1, 2, 2), 1, new byte[8], new byte[2]);
        ChannelStatistics statistics = new ChannelStatistics(List.of(0.0), List.of(1.0));
        for (AugmentationPolicy policy : List.of(POLICIES.get(0), POLICIES.get(2))) {
            BatchPlan plan = BatchPlan.training(1, policy, 1, 0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BatchStream.open(grey, statistics, plan, new BatchBuffers(grey.shape(), 1)))
                    .withMessageContaining("need red, green and blue, got images of 1x2x2");
        }
    }

    @Test
    void photographsAreAugmentedTheSameWayByAnyNumberOfThreads() {
        Path photographs = DataRequest.standard(message -> {}).root().resolve("imagenette-72/train");
        assumeTrue(Files.isDirectory(photographs), () -> "no Imagenette in " + photographs);
        ImageIndex index = ImageIndex.scan(photographs, message -> {});
        BatchPlan plan = BatchPlan.training(64, ALL, 1, 0).limitedTo(128);

        assertThat(read(index.files(32, 1), plan)).hasSize(2).isEqualTo(read(index.files(32, 2), plan));
    }

    private ImageFiles files(int threads) {
        String[] names = new String[IMAGES];
        int[] labels = new int[IMAGES];
        for (int image = 0; image < IMAGES; image++) {
            names[image] = image + ".JPEG";
            labels[image] = image % 3;
        }
        return ImageFiles.adopt(folder, List.of("c0", "c1", "c2"), names, labels, SIDE, threads);
    }

    private static List<String> read(LabelledImages images, BatchPlan plan) {
        List<String> batches = new ArrayList<>();
        BatchBuffers buffers = new BatchBuffers(images.shape(), plan.batchSize());
        try (BatchStream stream = BatchStream.open(images, ChannelStatistics.IMAGENET, plan, buffers)) {
            while (stream.hasNext()) {
                try (ImageBatch batch = stream.next()) {
                    batches.add(batch.index() + Arrays.toString(batch.labels()) + batch.labelShare()
                            + Arrays.toString(batch.mixedLabels()) + Arrays.hashCode(batch.features()));
                }
            }
        }
        return batches;
    }
}
