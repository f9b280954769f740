package org.bame.datasets.image;

/**
 * Weights of the triangle filter along one axis. When an axis shrinks, the filter is as wide as two output pixels, so
 * that every input pixel counts; when it grows, this is linear interpolation. Centres, borders and rounding are those of
 * Pillow's {@code Image.resize(..., BILINEAR)}, which torchvision's {@code antialias} follows: weights are whole numbers
 * of {@code 2^-22}.
 */
final class AxisWeights {

    /** Bits behind the binary point: of 32, 8 are the pixel's and 2 keep sums from overflowing. */
    static final int FRACTION_BITS = 32 - 8 - 2;

    private final int[] first;
    private final int[] count;
    private final int[] weights;
    private final int stride;

    /**
     * @param inputs input pixels
     * @param outputs output pixels of the whole axis
     * @param from first output pixel wanted
     * @param wanted output pixels wanted
     */
    AxisWeights(int inputs, int outputs, int from, int wanted) {
        double scale = (double) inputs / outputs;
        double support = Math.max(scale, 1);
        this.stride = (int) Math.ceil(support) * 2 + 1;
        this.first = new int[wanted];
        this.count = new int[wanted];
        this.weights = new int[wanted * stride];
        double[] exact = new double[stride];
        for (int output = 0; output < wanted; output++) {
            double center = (from + output + 0.5) * scale;
            int begin = Math.max(0, (int) (center - support + 0.5));
            int end = Math.min(inputs, (int) (center + support + 0.5));
            double sum = 0;
            for (int input = begin; input < end; input++) {
                double distance = Math.abs((input - center + 0.5) / support);
                exact[input - begin] = Math.max(0, 1 - distance);
                sum += exact[input - begin];
            }
            first[output] = begin;
            count[output] = end - begin;
            for (int tap = 0; tap < count[output]; tap++) {
                weights[output * stride + tap] = (int) (0.5 + exact[tap] / sum * (1 << FRACTION_BITS));
            }
        }
    }

    /** The first input pixel that an output pixel depends on. */
    int first(int output) {
        return first[output];
    }

    /** How many input pixels it depends on. */
    int count(int output) {
        return count[output];
    }

    /** Weights of an output pixel: so many of them from {@link #at}. */
    int[] weights() {
        return weights;
    }

    /** Where the weights of an output pixel begin. */
    int at(int output) {
        return output * stride;
    }

    /** One past the last input pixel that the wanted ones depend on. */
    int end() {
        return first[first.length - 1] + count[count.length - 1];
    }
}
