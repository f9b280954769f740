package org.bame.kernel;

/**
 * Batch normalisation by the textbook formulas, channel after channel, in double precision: the reference for the SIMD
 * kernel. Takes both element types. Padding lanes of whatever it writes become 0.
 */
final class ScalarBatchNorm implements BatchNormKernel {
    private final FeatureShape shape;
    private final BatchLayout batch;
    private final double count;
    private final Later moments = new Later();

    /** Sums nothing while a product runs, but remembers its result. */
    private static final class Later extends Epilogue {
        Storage target;

        @Override
        void begin(Storage target, int stretches) {
            this.target = target;
        }

        @Override
        void stretch(
                int block, int stretch, int pixel, int pixelStep, int pixels, int firstLane, int lanes,
                int firstChannel,
                int endChannel, int worker) {
            // All is summed when it is asked for.
        }
    }

    ScalarBatchNorm(FeatureShape shape, BatchLayout batch) {
        this.shape = shape;
        this.batch = batch;
        this.count = (double) batch.images() * shape.pixels();
    }

    @Override
    public void moments(Storage x) {
        activations("x", x, Checks.type("x", x));
        moments.begin(x, 1);
    }

    @Override
    public Epilogue moments() {
        return moments;
    }

    @Override
    public void statistics(Storage mean, Storage variance) {
        Storage x = Checks.summed(moments.target);
        vector("mean", mean, x.type());
        vector("variance", variance, x.type());
        for (int channel = 0; channel < shape.channels(); channel++) {
            double sum = 0;
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    sum += x.get(index(image, pixel, channel));
                }
            }
            double average = sum / count;
            double squares = 0;
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    double deviation = x.get(index(image, pixel, channel)) - average;
                    squares += deviation * deviation;
                }
            }
            mean.set(channel, average);
            variance.set(channel, squares / count);
        }
        moments.target = null;
    }

    @Override
    public void normalise(
            Storage x,
            NormalisationParameters parameters,
            Storage residual,
            Activation activation,
            Gates gates,
            Storage out) {
        ElementType type = Checks.type("x", x);
        activations("x", x, type);
        parameters.check(type, shape.channels());
        Checks.residual(activation, residual);
        if (residual != null) {
            activations("residual", residual, type);
        }
        boolean keepsGates = gates != null && activation.gated();
        if (keepsGates) {
            Checks.gates(activation, gates, batch.elements(shape));
        }
        activations("out", out, type);
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    long i = index(image, pixel, channel);
                    double value = normalised(x.get(i), parameters, channel);
                    if (residual != null) {
                        value += residual.get(i);
                    }
                    out.set(i, activation.value(value));
                    if (keepsGates) {
                        gates.set(i, activation.slope(value) != 0);
                    }
                }
            }
        }
        clearPadding(out);
    }

    @Override
    public void backward(
            Storage x,
            NormalisationParameters parameters,
            Activation activation,
            Gates gates,
            Storage dOut,
            Storage dx,
            Storage dGamma,
            Storage dBeta) {
        ElementType type = Checks.type("x", x);
        activations("x", x, type);
        parameters.check(type, shape.channels());
        Checks.gates(activation, gates, batch.elements(shape));
        activations("dOut", dOut, type);
        activations("dx", dx, type);
        vector("dGamma", dGamma, type);
        vector("dBeta", dBeta, type);
        for (int channel = 0; channel < shape.channels(); channel++) {
            double average = parameters.mean().get(channel);
            double inverse = parameters.inverseDeviation(channel);
            double sum = 0;
            double sumNormalised = 0;
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    long i = index(image, pixel, channel);
                    double z = normalised(x.get(i), parameters, channel);
                    double value = slope(activation, gates, i, z) * dOut.get(i);
                    dOut.set(i, value);
                    sum += value;
                    sumNormalised += value * ((x.get(i) - average) * inverse);
                }
            }
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    long i = index(image, pixel, channel);
                    double normalised = (x.get(i) - average) * inverse;
                    dx.set(i, parameters.gamma().get(channel) * inverse
                            * (dOut.get(i) - sum / count - normalised * (sumNormalised / count)));
                }
            }
            dGamma.set(channel, sumNormalised);
            dBeta.set(channel, sum);
        }
        clearPadding(dx);
    }

    private static double slope(Activation activation, Gates gates, long i, double z) {
        if (activation.gated()) {
            return gates.open(i) ? 1 : 0;
        }
        return activation.slope(z);
    }

    private static double normalised(double x, NormalisationParameters parameters, int channel) {
        double deviations = (x - parameters.mean().get(channel)) * parameters.inverseDeviation(channel);
        return parameters.gamma().get(channel) * deviations + parameters.beta().get(channel);
    }

    private void activations(String name, Storage storage, ElementType type) {
        Checks.activations(name, storage, type, batch, shape);
    }

    private void vector(String name, Storage storage, ElementType type) {
        Checks.storage(name, storage, type, shape.channels());
    }

    private long index(int image, int pixel, int channel) {
        return batch.index(shape, image, channel, pixel % shape.height(), pixel / shape.height());
    }

    private void clearPadding(Storage activations) {
        for (int image = batch.images(); image < batch.blocks() * batch.blockWidth(); image++) {
            for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                for (int channel = 0; channel < shape.channels(); channel++) {
                    activations.set(index(image, pixel, channel), 0);
                }
            }
        }
    }
}
