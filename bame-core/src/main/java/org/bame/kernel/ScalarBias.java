package org.bame.kernel;

/** A bias in plain loops and double precision: the reference for the SIMD kernel. Takes both element types. */
final class ScalarBias implements BiasKernel {
    private final FeatureShape shape;
    private final BatchLayout batch;

    ScalarBias(FeatureShape shape, BatchLayout batch) {
        this.shape = shape;
        this.batch = batch;
    }

    @Override
    public void add(Storage bias, Storage y) {
        ElementType type = Checks.type("y", y);
        Checks.activations("y", y, type, batch, shape);
        Checks.storage("bias", bias, type, shape.channels());
        for (long i = 0; i < y.size(); i++) {
            y.set(i, y.get(i) + bias.get(i / batch.blockWidth() % shape.channels()));
        }
    }

    @Override
    public void gradient(Storage dy, Storage dBias) {
        ElementType type = Checks.type("dy", dy);
        Checks.activations("dy", dy, type, batch, shape);
        Checks.storage("dBias", dBias, type, shape.channels());
        for (int channel = 0; channel < shape.channels(); channel++) {
            double sum = 0;
            for (int image = 0; image < batch.images(); image++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    sum += dy.get(batch.index(
                            shape, image, channel, pixel % shape.height(), pixel / shape.height()));
                }
            }
            dBias.set(channel, sum);
        }
    }
}
