package org.bame.kernel;

import java.util.Arrays;

/**
 * Multiplies a gradient by the activation's slope, in place, and sums the result and its product with {@code x - mean}.
 */
final class SimdGradientSums extends SimdEpilogue {
    private final NormalisationCoefficients coefficients;
    private Storage x;
    private Activation activation;
    private Gates gates;

    SimdGradientSums(FeatureShape shape, BatchLayout batch, LaneMasks masks, int threads) {
        super(shape, batch, masks, threads);
        this.coefficients = new NormalisationCoefficients(shape.channels());
    }

    /** Sets what the next gradient is summed with. */
    void with(Storage x, NormalisationParameters parameters, Activation activation, Gates gates) {
        this.x = x;
        this.activation = activation;
        this.gates = gates;
        coefficients.load(parameters);
    }

    @Override
    void sum(
            long result, long offset, int laneBytes, int pixels, long step, int channel, int channels, long mask,
            long sums) {
        long from = x.address() + offset;
        long dOut = result + offset;
        long coefficient = coefficients.address(channel);
        if (activation == Activation.HARD_SWISH) {
            SimdHardSwishLoops.gradientSums(from, dOut, pixels, step, channels, widthBytes, laneBytes, mask,
                    coefficient,
                    sums);
            return;
        }
        for (int v = 0; v < laneBytes; v += 2 * Native.VECTOR_BYTES) {
            boolean pair = v + Native.VECTOR_BYTES < laneBytes;
            if (activation.gated()) {
                long gate = gates.address(offset + v);
                if (pair) {
                    SimdGradientLoops.gatedPair(from + v, dOut + v, gate, pixels, step, channels, widthBytes,
                            coefficient, sums);
                } else {
                    SimdGradientLoops.gatedOne(from + v, dOut + v, gate, pixels, step, channels, widthBytes,
                            coefficient, sums);
                }
            } else if (pair) {
                SimdGradientLoops.openPair(from + v, dOut + v, pixels, step, channels, widthBytes, mask + v,
                        coefficient, sums);
            } else {
                SimdGradientLoops.openOne(from + v, dOut + v, pixels, step, channels, widthBytes, mask + v,
                        coefficient, sums);
            }
        }
    }

    @Override
    void settle(long numbers, double count, int at, int channels) {
        // Sums add up as they are.
    }

    /** Sums of the gradients, and of the gradients times {@code x - mean}, of each channel. */
    void totals(double[] gradients, double[] products) {
        Arrays.fill(gradients, 0);
        Arrays.fill(products, 0);
        for (int part = 0; part < parts(); part++) {
            int at = part * gradients.length;
            for (int channel = 0; channel < gradients.length; channel++) {
                gradients[channel] += firstSums[at + channel];
                products[channel] += secondSums[at + channel];
            }
        }
    }
}
