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
            Storage x,
            Storage mean,
            Storage variance,
            double epsilon,
            Storage gamma,
            Storage beta,
            Storage residual,
            boolean relu,
            Storage out) {
        ElementType type = Checks.type("x", x);
        Checks.epsilon(epsilon);
        activations("x", x, type);
        vector("mean", mean, type);
        vector("variance", variance, type);
        vector("gamma", gamma, type);
        vector("beta", beta, type);
        if (residual != null) {
            activations("residual", residual, type);
        }
        activations("out", out, type);
        for (int channel = 0; channel < shape.channels(); channel++) {
            double average = mean.get(channel);
            double deviation = Math.sqrt(variance.get(channel) + epsilon);
            double scale = gamma.get(channel);
            double offset = beta.get(channel);
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    long i = index(image, pixel, channel);
                    double value = scale * ((x.get(i) - average) / deviation) + offset;
                    if (residual != null) {
                        value += residual.get(i);
                    }
                    out.set(i, relu && value < 0 ? 0 : value);
                }
            }
        }
        clearPadding(out);
    }

    @Override
    public void backward(
            Storage x,
            Storage mean,
            Storage variance,
            double epsilon,
            Storage gamma,
            boolean relu,
            Storage out,
            Storage dOut,
            Storage dx,
            Storage dResidual,
            Storage dGamma,
            Storage dBeta) {
        ElementType type = Checks.type("x", x);
        Checks.epsilon(epsilon);
        activations("x", x, type);
        vector("mean", mean, type);
        vector("variance", variance, type);
        vector("gamma", gamma, type);
        activations("out", out, type);
        activations("dOut", dOut, type);
        activations("dx", dx, type);
        if (dResidual != null) {
            activations("dResidual", dResidual, type);
        }
        vector("dGamma", dGamma, type);
        vector("dBeta", dBeta, type);
        for (int channel = 0; channel < shape.channels(); channel++) {
            double average = mean.get(channel);
            double deviation = Math.sqrt(variance.get(channel) + epsilon);
            double sum = 0;
            double sumNormalised = 0;
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    long i = index(image, pixel, channel);
                    double dz = relu && !(out.get(i) > 0) ? 0 : dOut.get(i);
                    sum += dz;
                    sumNormalised += dz * ((x.get(i) - average) / deviation);
                }
            }
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    long i = index(image, pixel, channel);
                    double dz = relu && !(out.get(i) > 0) ? 0 : dOut.get(i);
                    double normalised = (x.get(i) - average) / deviation;
                    if (dResidual != null) {
                        dResidual.set(i, dz);
                    }
                    dx.set(i, gamma.get(channel) / deviation
                            * (dz - sum / count - normalised * (sumNormalised / count)));
                }
            }
            dGamma.set(channel, sumNormalised);
            dBeta.set(channel, sum);
        }
        clearPadding(dx);
        if (dResidual != null) {
            clearPadding(dResidual);
        }
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
