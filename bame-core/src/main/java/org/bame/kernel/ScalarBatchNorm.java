package org.bame.kernel;

/**
 * Batch normalisation by the textbook formulas, channel after channel, in double precision: the reference for the SIMD
 * kernel. Takes both element types. Padding lanes of whatever it writes become 0.
 */
final class ScalarBatchNorm implements BatchNormKernel {
    private final FeatureShape shape;
    private final BatchLayout batch;
    private final double count;

    ScalarBatchNorm(FeatureShape shape, BatchLayout batch) {
        this.shape = shape;
        this.batch = batch;
        this.count = (double) batch.images() * shape.pixels();
    }

    @Override
    public void statistics(Storage x, Storage mean, Storage variance) {
        ElementType type = Checks.type("x", x);
        activations("x", x, type);
        vector("mean", mean, type);
        vector("variance", variance, type);
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
    }

    @Override
    public void normalise(
            Storage x, NormalisationParameters parameters, Storage residual, Activation activation, Storage out) {
        ElementType type = Checks.type("x", x);
        activations("x", x, type);
        parameters.check(type, shape.channels());
        Checks.residual(activation, residual);
        if (residual != null) {
            activations("residual", residual, type);
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
            Storage out,
            Storage dOut,
            Storage dx,
            Storage dGamma,
            Storage dBeta) {
        ElementType type = Checks.type("x", x);
        activations("x", x, type);
        parameters.check(type, shape.channels());
        activations("out", out, type);
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
                    // Where the value was clamped, the output is the bound, and closed too.
                    double before = activation == Activation.HARD_SWISH
                            ? normalised(x.get(i), parameters, channel)
                            : out.get(i);
                    double dz = activation.slope(before) * dOut.get(i);
                    dOut.set(i, dz);
                    sum += dz;
                    sumNormalised += dz * ((x.get(i) - average) * inverse);
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
        clearPadding(dOut);
        clearPadding(dx);
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
