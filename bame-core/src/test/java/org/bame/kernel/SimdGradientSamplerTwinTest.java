package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The 2:4 sample of a gradient: SIMD against the scalar twin, and both against the probabilities they promise. */
final class SimdGradientSamplerTwinTest {
    private static final long SEED = 5;
    /** 25,000 pixels of 16 images, which are 4 blocks. */
    private static final FeatureShape DRAW_SHAPE = new FeatureShape(1, 250, 100);
    private static final int DRAWS = 100_000;

    private final ScalarKernels twin = new ScalarKernels();

    @Test
    void drawsWhatTheTwinDraws() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                for (FeatureShape shape : List.of(
                        new FeatureShape(1, 1, 1), new FeatureShape(17, 3, 5), new FeatureShape(64, 20, 20))) {
                    for (BatchLayout batch : List.of(
                            BatchLayout.of(1), BatchLayout.of(4), BatchLayout.of(15), BatchLayout.of(17),
                            BatchLayout.of(33), BatchLayout.of(39), new BatchLayout(70, 48))) {
                        long key = CounterRandom.key(SEED, threads, batch.images());
                        GuardedStorage dy = GuardedStorage.misaligned(ElementType.FLOAT, batch.elements(shape))
                                .random(new Random(SEED), 0, 0.1);
                        GuardedStorage sampled =
                                GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(shape));
                        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
                        kernels.sampleTwoOfFour(key, shape, batch, dy.storage(), sampled.storage());
                        twin.sampleTwoOfFour(key, shape, batch, dy.storage(), expected);
                        close(sampled, expected, "sample of " + shape + " " + batch);
                    }
                }
            }
        }
    }

    /** Batch sizes 1 to 33: two of each whole four images are kept, the rest and the padding are copied. */
    @Test
    void keepsTwoOfFourAndCopiesTheTail() {
        FeatureShape shape = new FeatureShape(3, 2, 1);
        try (Kernels kernels = new SimdKernels(2, "test")) {
            for (int images = 1; images <= 33; images++) {
                BatchLayout batch = BatchLayout.of(images);
                Storage dy = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
                Random random = new Random(images);
                for (int i = 0; i < dy.size(); i++) {
                    dy.set(i, 1 + random.nextDouble());
                }
                for (Kernels each : List.of(kernels, twin)) {
                    Storage sampled = Storage.allocate(ElementType.FLOAT, dy.size());
                    each.sampleTwoOfFour(9, shape, batch, dy, sampled);
                    checkBlocks(shape, batch, dy, sampled);
                }
            }
        }
    }

    private static void checkBlocks(FeatureShape shape, BatchLayout batch, Storage dy, Storage sampled) {
        for (int block = 0; block < batch.blocks(); block++) {
            int whole = batch.imagesIn(block) / 4 * 4;
            for (int row = 0; row < shape.elementsPerImage(); row++) {
                int first = (block * shape.elementsPerImage() + row) * batch.blockWidth();
                for (int four = 0; four < whole; four += 4) {
                    int zeros = 0;
                    for (int i = first + four; i < first + four + 4; i++) {
                        zeros += sampled.get(i) == 0 ? 1 : 0;
                    }
                    assertThat(zeros).as("%s, block at %d", batch, first + four).isEqualTo(2);
                }
                for (int i = first + whole; i < first + batch.blockWidth(); i++) {
                    assertThat(sampled.get(i)).as("%s, element %d", batch, i).isEqualTo(dy.get(i));
                }
            }
        }
    }

    /** methods.md 6, check 4: the mean over 1e5 draws is within 3 standard errors of what is sampled. */
    @Test
    void meanOfManyDrawsIsTheGradient() {
        double[][] blocks = {
            {1, -2, 3, -4}, {0.1, 0.1, 0.1, 0.1}, {5, 0.01, -0.02, 0.03}, {1, 1, 0, 0}, {-7, 0, 0, 0}, {2, -1e-4, 1e-4,
                2}
        };
        try (Kernels kernels = new SimdKernels(2, "test")) {
            for (double[] block : blocks) {
                for (Kernels each : List.of(kernels, twin)) {
                    double[][] draws = draw(each, block, CounterRandom.key(SEED, 1, 2));
                    double[] inclusion = inclusionProbabilities(block);
                    for (int i = 0; i < 4; i++) {
                        double mean = Arrays.stream(draws[i]).average().orElseThrow();
                        double x = block[i];
                        double variance = Arrays.stream(draws[i]).map(v -> (v - x) * (v - x)).sum() / DRAWS;
                        double error = Math.sqrt(variance / DRAWS);
                        assertThat(Math.abs(mean - x)).as("mean of %f", x).isLessThanOrEqualTo(3 * error + 1e-6
                                * Math.abs(x));
                        if (x != 0) {
                            long kept = Arrays.stream(draws[i]).filter(v -> v != 0).count();
                            double deviation = Math.sqrt(inclusion[i] * (1 - inclusion[i]) / DRAWS);
                            assertThat(Math.abs((double) kept / DRAWS - inclusion[i]))
                                    .as("how often %f is drawn", x)
                                    .isLessThanOrEqualTo(3 * deviation + 1e-5);
                            double largest = Arrays.stream(draws[i]).map(Math::abs).max().orElseThrow();
                            assertThat(largest).isCloseTo(Math.abs(x) / inclusion[i],
                                    org.assertj.core.data.Percentage.withPercentage(1e-3));
                        }
                    }
                }
            }
        }
    }

    /** Draws of one block, by element. */
    private static double[][] draw(Kernels kernels, double[] block, long key) {
        BatchLayout batch = BatchLayout.of(16);
        Storage dy = Storage.allocate(ElementType.FLOAT, batch.elements(DRAW_SHAPE));
        Storage sampled = Storage.allocate(ElementType.FLOAT, dy.size());
        for (int i = 0; i < dy.size(); i++) {
            dy.set(i, block[i % 4]);
        }
        kernels.sampleTwoOfFour(key, DRAW_SHAPE, batch, dy, sampled);
        double[][] draws = new double[4][DRAWS];
        for (int i = 0; i < 4 * DRAWS; i++) {
            draws[i % 4][i / 4] = sampled.get(i);
        }
        return draws;
    }

    /** Sums over the ordered pairs of a first and a second draw, in which i is one of the two. */
    private static double[] inclusionProbabilities(double[] block) {
        double[] a = Arrays.stream(block).map(x -> Math.abs(x) + 0x1p-23).toArray();
        double sum = Arrays.stream(a).sum();
        double[] inclusion = new double[4];
        for (int first = 0; first < 4; first++) {
            double left = 0;
            for (int other = 0; other < 4; other++) {
                left += other == first ? 0 : a[other];
            }
            for (int second = 0; second < 4; second++) {
                if (second != first) {
                    double pair = a[first] / sum * a[second] / left;
                    inclusion[first] += pair;
                    inclusion[second] += pair;
                }
            }
        }
        return inclusion;
    }

    @Test
    void dependsOnTheKeyAndNothingElse() {
        FeatureShape shape = new FeatureShape(5, 30, 30);
        BatchLayout batch = BatchLayout.of(64);
        Storage dy = GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(shape))
                .random(new Random(3), 0, 1)
                .storage();
        int[] first = null;
        for (int threads = 1; threads <= 4; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                int[] bits = bits(kernels, 11, shape, batch, dy);
                first = first == null ? bits : first;
                assertThat(bits).isEqualTo(first);
                assertThat(bits(kernels, 12, shape, batch, dy)).isNotEqualTo(first);
            }
        }
    }

    private static int[] bits(Kernels kernels, long key, FeatureShape shape, BatchLayout batch, Storage dy) {
        Storage sampled = Storage.allocate(ElementType.FLOAT, dy.size());
        kernels.sampleTwoOfFour(key, shape, batch, dy, sampled);
        int[] bits = new int[Math.toIntExact(dy.size())];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits((float) sampled.get(i));
        }
        return bits;
    }

    /** A gradient that is no number any more is not sampled away. */
    @Test
    void notANumberStays() {
        FeatureShape shape = new FeatureShape(1, 1, 1);
        BatchLayout batch = BatchLayout.of(16);
        Storage dy = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        dy.fill(1);
        dy.set(6, Double.NaN);
        try (Kernels kernels = new SimdKernels(1, "test")) {
            for (Kernels each : List.of(kernels, twin)) {
                Storage sampled = Storage.allocate(ElementType.FLOAT, dy.size());
                each.sampleTwoOfFour(1, shape, batch, dy, sampled);
                double sum = 0;
                for (int i = 4; i < 8; i++) {
                    sum += sampled.get(i);
                }
                assertThat(sum).isNaN();
            }
        }
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        FeatureShape shape = new FeatureShape(6, 8, 8);
        BatchLayout batch = BatchLayout.of(37);
        Storage dy = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        Storage sampled = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        try (Kernels kernels = new SimdKernels(2, "test")) {
            Allocation.assertNone(
                    "sampleTwoOfFour", () -> kernels.sampleTwoOfFour(7, shape, batch, dy, sampled));
        }
    }

    @Test
    void refusesWrongArguments() {
        FeatureShape shape = new FeatureShape(1, 1, 1);
        BatchLayout batch = BatchLayout.of(16);
        Storage dy = Storage.allocate(ElementType.FLOAT, 16);
        Storage other = Storage.allocate(ElementType.FLOAT, 17);
        try (Kernels kernels = new SimdKernels(1, "test")) {
            for (Kernels each : List.of(kernels, twin)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> each.sampleTwoOfFour(1, shape, batch, dy, other))
                        .withMessageContaining("sampled has 17");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> each.sampleTwoOfFour(1, shape, batch, other, dy))
                        .withMessageContaining("dy has 17");
            }
        }
    }

    private static void close(GuardedStorage actual, Storage expected, String message) {
        actual.verify(message);
        for (long i = 0; i < expected.size(); i++) {
            double got = actual.storage().get(i);
            double wanted = expected.get(i);
            if (!(Math.abs(got - wanted) <= 1e-6 * Math.abs(wanted))) {
                assertThat(got).as("element %d of %s", i, message).isEqualTo(wanted);
            }
        }
    }
}
