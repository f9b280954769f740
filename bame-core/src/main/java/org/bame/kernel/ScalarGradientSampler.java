package org.bame.kernel;

/** {@link Kernels#sampleTwoOfFour} in plain loops: draws what the SIMD kernels draw, estimates in double precision. */
final class ScalarGradientSampler {
    private static final int BLOCK = 4;
    private static final int KEPT = 2;

    private ScalarGradientSampler() {}

    static void sample(long key, FeatureShape shape, BatchLayout batch, Storage dy, Storage sampled) {
        ElementType type = Checks.type("dy", dy);
        Checks.activations("dy", dy, type, batch, shape);
        Checks.activations("sampled", sampled, type, batch, shape);
        int rows = shape.elementsPerImage();
        for (int block = 0; block < batch.blocks(); block++) {
            int lanes = batch.imagesIn(block) / BLOCK * BLOCK;
            for (int row = 0; row < rows; row++) {
                long first = ((long) block * rows + row) * batch.blockWidth();
                for (int lane = 0; lane < lanes; lane += BLOCK) {
                    sampleBlock(key, first + lane, dy, sampled);
                }
                for (int lane = lanes; lane < batch.blockWidth(); lane++) {
                    sampled.set(first + lane, dy.get(first + lane));
                }
            }
        }
    }

    private static void sampleBlock(long key, long first, Storage dy, Storage sampled) {
        for (long i = first; i < first + BLOCK; i++) {
            int earlier = 0;
            double others = 0;
            double shares = 0;
            for (long j = first; j < first + BLOCK; j++) {
                if (j != i) {
                    earlier += arrival(key, j, dy) < arrival(key, i, dy) ? 1 : 0;
                    others += weight(dy.get(j));
                    shares += weight(dy.get(j)) / sumOfOthers(first, j, dy);
                }
            }
            double weight = weight(dy.get(i));
            double probability = weight / (weight + others) * (1 + shares);
            sampled.set(i, earlier < KEPT ? dy.get(i) / probability : 0);
        }
    }

    private static double sumOfOthers(long first, long i, Storage dy) {
        double sum = 0;
        for (long j = first; j < first + BLOCK; j++) {
            sum += j == i ? 0 : weight(dy.get(j));
        }
        return sum;
    }

    private static double weight(double value) {
        return Math.abs(value) + ExponentialRace.LEAST_WEIGHT;
    }

    private static int arrival(long key, long position, Storage dy) {
        float weight = Math.abs((float) dy.get(position)) + ExponentialRace.LEAST_WEIGHT;
        return ExponentialRace.arrival(key, (int) position, weight);
    }
}
