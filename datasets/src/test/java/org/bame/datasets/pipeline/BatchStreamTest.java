package org.bame.datasets.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageShape;
import org.bame.datasets.InMemoryImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BatchStreamTest {

    private static final ImageShape SHAPE = new ImageShape(3, 5, 6);
    private static final InMemoryImages IMAGES = images(50);
    private static final ChannelStatistics STATISTICS = ChannelStatistics.of(IMAGES);

    @Test
    void sameSeedAndEpochGiveTheSameBatchesAndOthersDoNot() {
        List<String> first = read(plan(1, 0));

        assertThat(first).hasSize(6);
        assertThat(read(plan(1, 0))).isEqualTo(first);
        assertThat(read(plan(1, 1))).isNotEqualTo(first);
        assertThat(read(plan(2, 0))).isNotEqualTo(first);
    }

    @Test
    void resumingAtABatchIsTheSameAsSkippingThoseBefore() {
        List<String> whole = read(plan(3, 7));

        for (int start = 0; start <= 6; start++) {
            assertThat(read(plan(3, 7).startingAt(start))).isEqualTo(whole.subList(start, 6));
        }
    }

    @Test
    void anImageIsAugmentedTheSameWayWhateverTheBatchSize() {
        List<String> inEights = perImage(BatchPlan.training(8, Augmentation.PAD_CROP_FLIP, 1, 2).keepingLast());
        List<String> inThrees = perImage(BatchPlan.training(3, Augmentation.PAD_CROP_FLIP, 1, 2).keepingLast());

        assertThat(inThrees).isEqualTo(inEights).hasSize(50);
    }

    @Test
    void evaluationReadsEveryImageInOrderAndZeroesTheRest() {
        float[][] table = STATISTICS.normalisationTable();
        BatchBuffers buffers = new BatchBuffers(SHAPE, 8);
        int image = 0;
        try (BatchStream stream = BatchStream.open(IMAGES, STATISTICS, BatchPlan.evaluation(8), buffers)) {
            while (stream.hasNext()) {
                try (ImageBatch batch = stream.next()) {
                    assertThat(batch.index()).isEqualTo(image / 8);
                    for (int position = 0; position < batch.size(); position++, image++) {
                        assertThat(batch.labels()[position]).isEqualTo(IMAGES.label(image));
                        int at = position * SHAPE.size() + 2 * SHAPE.planeSize() + 4 * SHAPE.width() + 1;
                        assertThat(batch.features()[at]).isEqualTo(table[2][IMAGES.pixel(image, 2, 4, 1)]);
                    }
                    if (image == 50) {
                        assertThat(batch.size()).isEqualTo(2);
                        assertThat(Arrays.copyOfRange(batch.features(), 2 * SHAPE.size(), 8 * SHAPE.size()))
                                .containsOnly(0f);
                    }
                }
            }
        }
        assertThat(image).isEqualTo(50);
    }

    @Test
    void cropsReachEveryPositionAndHalfOfTheImagesAreMirrored() {
        // A white pixel in the middle of a black image tells the shift, a grey one to its right the mirroring.
        int count = 4000;
        ImageShape shape = new ImageShape(1, 9, 9);
        byte[] pixels = new byte[count * 81];
        for (int image = 0; image < count; image++) {
            pixels[image * 81 + 4 * 9 + 4] = (byte) 255;
            pixels[image * 81 + 4 * 9 + 5] = (byte) 128;
        }
        InMemoryImages images = InMemoryImages.adopt(shape, 1, pixels, new byte[count]);
        ChannelStatistics identity = new ChannelStatistics(List.of(0.0), List.of(1.0));
        int[][] places = new int[9][9];
        int mirrored = 0;
        BatchPlan plan = BatchPlan.training(count, Augmentation.PAD_CROP_FLIP, 5, 0);
        try (BatchStream stream = BatchStream.open(images, identity, plan, new BatchBuffers(shape, count, 2));
                ImageBatch batch = stream.next()) {
            for (int image = 0; image < count; image++) {
                for (int at = 0; at < 81; at++) {
                    if (batch.features()[image * 81 + at] == 1f) {
                        places[at / 9][at % 9]++;
                        mirrored += at % 9 > 0 && batch.features()[image * 81 + at - 1] > 0.4f ? 1 : 0;
                    }
                }
            }
        }
        // 4,000 / 81 = 49 a place; 15 is five standard deviations below.
        for (int[] row : places) {
            for (int hits : row) {
                assertThat(hits).isBetween(15, 90);
            }
        }
        // At the left edge the neighbour is cut off: 8 of 9 mirrored images show.
        assertThat(mirrored).isCloseTo(4000 * 8 / 18, within(160));
    }

    @Test
    void aWholeRunUsesTheSameFewBuffers() {
        BatchBuffers buffers = new BatchBuffers(SHAPE, 8);
        Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<ImageBatch> batches = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int epoch = 0; epoch < 5; epoch++) {
            try (BatchStream stream = BatchStream.open(IMAGES, STATISTICS, plan(1, epoch), buffers)) {
                while (stream.hasNext()) {
                    try (ImageBatch batch = stream.next()) {
                        arrays.add(batch.features());
                        batches.add(batch);
                    }
                }
            }
        }
        assertThat(arrays).hasSizeLessThanOrEqualTo(BatchBuffers.DEFAULT_COUNT);
        assertThat(batches).hasSizeLessThanOrEqualTo(BatchBuffers.DEFAULT_COUNT);
        assertThat(buffers.available()).isEqualTo(BatchBuffers.DEFAULT_COUNT);
    }

    @Test
    void batchesAreMadeOffTheCallingThreadAndAheadOfTime() throws InterruptedException {
        CountDownLatch secondMade = new CountDownLatch(2);
        AtomicReference<Thread> maker = new AtomicReference<>();
        BatchSource source = source(5, (batch, target) -> {
            maker.set(Thread.currentThread());
            target.fill(batch, 1);
            secondMade.countDown();
        });
        try (BatchStream stream = BatchStream.open(source, new BatchBuffers(SHAPE, 1))) {
            secondMade.await();
            assertThat(maker.get()).isNotSameAs(Thread.currentThread());
            assertThat(maker.get().isDaemon()).isTrue();
            assertThat(stream.hasNext()).isTrue();
        }
    }

    @Test
    void aFailureReachesTheConsumerAfterTheGoodBatches() {
        IllegalStateException cause = new IllegalStateException("disk on fire");
        BatchBuffers buffers = new BatchBuffers(SHAPE, 1);
        BatchSource source = source(5, (batch, target) -> {
            if (batch == 2) {
                throw cause;
            }
            target.fill(batch, 1);
        });
        try (BatchStream stream = BatchStream.open(source, buffers)) {
            stream.next().close();
            stream.next().close();
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(stream::next).isInstanceOf(DataSetException.class).hasCause(cause)
                        .hasMessageContaining("Batch 2 of 5").hasMessageContaining("disk on fire");
            }
        }
        assertThat(buffers.available()).isEqualTo(buffers.count());
    }

    @Test
    void aSourceThatWritesNothingIsAFailure() {
        try (BatchStream stream = BatchStream.open(source(1, (batch, target) -> {}), new BatchBuffers(SHAPE, 1))) {
            assertThatThrownBy(stream::next).isInstanceOf(DataSetException.class)
                    .hasMessageContaining("wrote no images");
        }
    }

    @Test
    void closingEarlyStopsTheThreadAndFreesTheBuffers() {
        AtomicReference<Thread> maker = new AtomicReference<>();
        BatchBuffers buffers = new BatchBuffers(SHAPE, 1);
        BatchSource endless = source(Integer.MAX_VALUE, (batch, target) -> {
            maker.set(Thread.currentThread());
            target.fill(batch, 1);
        });
        BatchStream stream = BatchStream.open(endless, buffers);
        ImageBatch kept = stream.next();
        stream.close();
        stream.close();

        assertThat(maker.get().isAlive()).isFalse();
        assertThat(stream.hasNext()).isFalse();
        assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class).hasMessageContaining("closed");
        assertThat(buffers.available()).isEqualTo(buffers.count() - 1);
        kept.close();
        assertThat(buffers.available()).isEqualTo(buffers.count());
        assertThat(read(plan(1, 0))).hasSize(6);
    }

    @Test
    void keepingEveryBatchOpenIsAnErrorInsteadOfADeadlock() {
        BatchBuffers buffers = new BatchBuffers(SHAPE, 8);
        List<ImageBatch> open = new ArrayList<>();
        try (BatchStream stream = BatchStream.open(IMAGES, STATISTICS, plan(1, 0), buffers)) {
            for (int batch = 0; batch < buffers.count(); batch++) {
                open.add(stream.next());
            }
            assertThatIllegalStateException().isThrownBy(stream::next).withMessageContaining("Close each batch");
            open.getFirst().close();
            open.add(stream.next());
        }
        open.forEach(ImageBatch::close);
        assertThat(buffers.available()).isEqualTo(buffers.count());
    }

    @Test
    void aClosedBatchCannotBeRead() {
        try (BatchStream stream = BatchStream.open(IMAGES, STATISTICS, plan(1, 0), new BatchBuffers(SHAPE, 8))) {
            for (int batch = 0; batch < 4; batch++) {
                stream.next().close();
            }
            ImageBatch last = stream.next();
            stream.next().close();
            last.close();
            assertThatIllegalStateException().isThrownBy(last::features).withMessageContaining("closed");
        }
    }

    @Test
    void buffersServeOneStreamAtATimeAndMustFit() {
        BatchBuffers buffers = new BatchBuffers(SHAPE, 8);
        try (BatchStream stream = BatchStream.open(IMAGES, STATISTICS, plan(1, 0), buffers)) {
            assertThat(stream.hasNext()).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> BatchStream.open(IMAGES, STATISTICS, plan(1, 1), buffers))
                    .withMessageContaining("Close it first");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchStream.open(IMAGES, STATISTICS, BatchPlan.evaluation(9), buffers))
                .withMessageContaining("9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchStream.open(IMAGES, STATISTICS, plan(1, 0).startingAt(7), buffers))
                .withMessageContaining("batch 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchStream.open(IMAGES, STATISTICS, plan(1, 0).limitedTo(7), buffers))
                .withMessageContaining("No batch of 8");
    }

    private static BatchPlan plan(long seed, int epoch) {
        return BatchPlan.training(8, Augmentation.PAD_CROP_FLIP, seed, epoch);
    }

    /** One string a batch, of all that is in it. */
    private static List<String> read(BatchPlan plan) {
        List<String> batches = new ArrayList<>();
        try (BatchStream stream = BatchStream.open(IMAGES, STATISTICS, plan, new BatchBuffers(SHAPE, 8))) {
            while (stream.hasNext()) {
                try (ImageBatch batch = stream.next()) {
                    batches.add(batch.index() + Arrays.toString(batch.labels()) + Arrays.toString(batch.features()));
                }
            }
        }
        return batches;
    }

    private static List<String> perImage(BatchPlan plan) {
        List<String> images = new ArrayList<>();
        try (BatchStream stream = BatchStream.open(IMAGES, STATISTICS, plan, new BatchBuffers(SHAPE, 8))) {
            while (stream.hasNext()) {
                try (ImageBatch batch = stream.next()) {
                    for (int image = 0; image < batch.size(); image++) {
                        images.add(batch.labels()[image] + Arrays.toString(Arrays.copyOfRange(batch.features(),
                                image * SHAPE.size(), (image + 1) * SHAPE.size())));
                    }
                }
            }
        }
        return images;
    }

    private static InMemoryImages images(int count) {
        byte[] pixels = new byte[count * SHAPE.size()];
        byte[] labels = new byte[count];
        for (int at = 0; at < pixels.length; at++) {
            pixels[at] = (byte) (at * 31 + at / 7);
        }
        for (int image = 0; image < count; image++) {
            labels[image] = (byte) (image % 10);
        }
        return InMemoryImages.adopt(SHAPE, 10, pixels, labels);
    }

    private static BatchSource source(int batches, Writer writer) {
        return new BatchSource() {
            @Override
            public int firstBatch() {
                return 0;
            }

            @Override
            public int endBatch() {
                return batches;
            }

            @Override
            public void write(int batch, ImageBatch target) {
                writer.write(batch, target);
            }
        };
    }

    private interface Writer {
        void write(int batch, ImageBatch target);
    }
}
