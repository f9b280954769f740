package org.bame.kernel;

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
    void sum(long result, long offset, int pixels, long step, int channel, int channels, long mask, long sums) {
        long from = x.address() + offset;
        long dOut = result + offset;
        long coefficient = coefficients.address(channel);
        switch (activation) {
            case IDENTITY ->
                SimdGradientLoops.open(from, dOut, pixels, step, channels, widthBytes, mask, coefficient, sums);
            case RELU, RELU6 ->
                SimdGradientLoops.gated(from, dOut, gates.address(offset), pixels, step, channels, widthBytes,
                        coefficient, sums);
            case HARD_SWISH ->
                SimdHardSwishLoops.gradientSums(from, dOut, pixels, step, channels, widthBytes, mask, coefficient,
                        sums);
        }
    }

    @Override
    void settle(long numbers, double count, double[] first, double[] second, int at) {
        // Sums add up as they are.
    }

    /** Sum of the gradients of a channel. */
    double sum(int channel) {
        double sum = 0;
        for (int part = 0; part < parts(); part++) {
            sum += first(part, channel);
        }
        return sum;
    }

    /** Sum of the gradients of a channel times {@code x - mean}. */
    double sumCentred(int channel) {
        double sum = 0;
        for (int part = 0; part < parts(); part++) {
            sum += second(part, channel);
        }
        return sum;
    }
}
