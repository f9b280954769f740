package org.bame.datasets.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageFiles;
import org.bame.datasets.ImageShape;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.folder.FolderFixture;
import org.bame.datasets.image.Picture;
import org.bame.datasets.image.PictureDecoder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FileBatchesTest {

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
    @EnumSource(Augmentation.class)
    void batchesAreTheSameWhateverTheNumberOfThreads(Augmentation augmentation) {
        BatchPlan plan = BatchPlan.training(BATCH, augmentation, 3, 1).keepingLast();
        List<String> alone = read(files(1), plan);

        assertThat(alone).hasSize(5).doesNotHaveDuplicates();
        assertThat(read(files(3), plan)).isEqualTo(alone);
        assertThat(read(files(16), plan)).isEqualTo(alone);
    }

    @Test
    void startingInTheMiddleOfAnEpochIsTheSameAsSkipping() {
        BatchPlan plan = BatchPlan.training(BATCH, Augmentation.RANDOM_RESIZED_CROP_FLIP, 3, 1);
        List<String> whole = read(files(2), plan);

        for (int start = 0; start <= 4; start++) {
            assertThat(read(files(2), plan.startingAt(start))).isEqualTo(whole.subList(start, 4));
        }
    }

    @Test
    void epochsAndSeedsCropOtherRegions() {
        Augmentation crop = Augmentation.RANDOM_RESIZED_CROP_FLIP;
        Set<String> versions = new HashSet<>();
        for (int epoch = 0; epoch < 4; epoch++) {
            versions.addAll(read(files(2).first(1), BatchPlan.training(1, crop, 1, epoch)));
            versions.addAll(read(files(2).first(1), BatchPlan.training(1, crop, 2, epoch)));
        }
        assertThat(versions).hasSize(8);
    }

    @Test
    void whatIsEvaluatedIsTheScaledMiddle() {
        // 14 * 256 / 224 = 16, and the picture is 16 high already: the middle of it, unscaled.
        FolderFixture.write(folder.resolve("c0/exact.JPEG"), 21, 16, 99);
        ImageFiles exact = ImageFiles.adopt(folder, List.of("c0"), new String[]{"exact.JPEG"}, new int[1], SIDE, 1);
        Picture picture = new Picture();
        try (PictureDecoder decoder = new PictureDecoder()) {
            decoder.decode(exact.file(0), picture);
        }
        try (BatchStream stream = BatchStream.open(
                exact, IDENTITY, BatchPlan.evaluation(1), new BatchBuffers(exact.shape(), 1));
                ImageBatch batch = stream.next()) {
            for (int channel = 0; channel < 3; channel++) {
                for (int row = 0; row < SIDE; row++) {
                    for (int column = 0; column < SIDE; column++) {
                        // Borders: (16 - 14) / 2 = 1, and (21 - 14) / 2 = 3.5, rounded to 4.
                        int level = Byte.toUnsignedInt(
                                picture.pixels()[(channel * 16 + row + 1) * 21 + column + 4]);
                        assertThat(batch.features()[(channel * SIDE + row) * SIDE + column])
                                .isEqualTo((float) (level / 255.0));
                    }
                }
            }
        }
    }

    @Test
    void evaluationKeepsOrderAndLabels() {
        BatchBuffers buffers = new BatchBuffers(new ImageShape(3, SIDE, SIDE), 8);
        int image = 0;
        try (BatchStream stream = BatchStream.open(files(3), IDENTITY, BatchPlan.evaluation(8), buffers)) {
            while (stream.hasNext()) {
                try (ImageBatch batch = stream.next()) {
                    for (int position = 0; position < batch.size(); position++, image++) {
                        assertThat(batch.labels()[position]).isEqualTo(image % 3);
                    }
                }
            }
        }
        assertThat(image).isEqualTo(IMAGES);
        assertThat(buffers.available()).isEqualTo(buffers.count());
    }

    @Test
    void aDamagedFileIsNamedAndAlwaysTheSameOne() throws IOException {
        List<String> damaged = List.of("c0/6.JPEG", "c1/7.JPEG", "c0/9.JPEG");
        for (String name : damaged) {
            byte[] bytes = Files.readAllBytes(folder.resolve(name));
            Files.write(folder.resolve(name), Arrays.copyOf(bytes, bytes.length - 40));
        }
        for (int threads : new int[]{1, 3, 8}) {
            for (int round = 0; round < 5; round++) {
                BatchBuffers buffers = new BatchBuffers(new ImageShape(3, SIDE, SIDE), BATCH);
                try (BatchStream stream = BatchStream.open(
                        files(threads), IDENTITY, BatchPlan.evaluation(BATCH), buffers)) {
                    stream.next().close();
                    assertThatThrownBy(stream::next).isInstanceOf(DataSetException.class)
                            .hasMessageStartingWith("Batch 1 of 5 could not be made: " + folder.resolve("c0/6.JPEG")
                                    + " cannot be decoded: ")
                            .hasMessageEndingWith("Replace it with an intact copy, or remove it.");
                }
                assertThat(buffers.available()).isEqualTo(buffers.count());
            }
        }
    }

    @Test
    void closingEarlyLeavesNoThreadThatWrites() {
        BatchBuffers buffers = new BatchBuffers(new ImageShape(3, SIDE, SIDE), BATCH);
        BatchPlan plan = BatchPlan.training(BATCH, Augmentation.RANDOM_RESIZED_CROP_FLIP, 1, 0);
        for (int round = 0; round < 20; round++) {
            try (BatchStream stream = BatchStream.open(files(4), IDENTITY, plan, buffers)) {
                stream.next().close();
            }
            assertThat(buffers.available()).isEqualTo(buffers.count());
        }
        assertThat(read(files(4), plan)).isEqualTo(read(files(1), plan));
    }

    /** The same regions and mirroring whether a picture comes from memory or from a file. */
    @Test
    void resizedCropsWorkInMemoryToo() {
        ImageShape shape = new ImageShape(3, SIDE, SIDE);
        byte[] pixels = new byte[40 * shape.size()];
        for (int at = 0; at < pixels.length; at++) {
            pixels[at] = (byte) (at % SIDE * 9 + at / SIDE % SIDE * 5);
        }
        InMemoryImages images = InMemoryImages.adopt(shape, 1, pixels, new byte[40]);
        BatchPlan plan = BatchPlan.training(40, Augmentation.RANDOM_RESIZED_CROP_FLIP, 1, 0);
        int mirrored = 0;
        try (BatchStream stream = BatchStream.open(images, IDENTITY, plan, new BatchBuffers(shape, 40, 2));
                ImageBatch batch = stream.next()) {
            for (int image = 0; image < 40; image++) {
                float[] values = batch.features();
                int at = image * shape.size();
                // Levels rise from left to right unless mirrored, and from top to bottom in either case.
                mirrored += values[at] > values[at + SIDE - 1] ? 1 : 0;
                assertThat(values[at]).isLessThanOrEqualTo(values[at + (SIDE - 1) * SIDE]);
            }
        }
        assertThat(mirrored).isBetween(8, 32);
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
                    batches.add(batch.index() + Arrays.toString(batch.labels()) + Arrays.toString(batch.features()));
                }
            }
        }
        return batches;
    }
}
