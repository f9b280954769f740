package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

/**
 * Layer normalisation on vectors of images, {@link ElementType#FLOAT} only. A task is some rows (a row is one pixel of
 * one block), as {@link ChannelSums} cuts them.
 */
final class SimdLayerNorm implements LayerNormKernel {
    private final WorkerPool pool;
    private final FeatureShape shape;
    private final FeatureShape statisticsShape;
    private final BatchLayout batch;
    private final float share;

    private final int widthBytes;
    private final long rowBytes;
    private final LaneMasks masks;
    /** Those of gamma and beta take turns. */
    private final ChannelSums sums;
    /** Two vectors of each worker, for the means over channels of one pixel. */
    private final Storage means;

    private final WorkerPool.Task forwardTask = this::forwardRows;
    private final WorkerPool.Task backwardTask = this::backwardRows;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage x;
    private Storage gamma;
    private Storage beta;
    private Storage statistics;
    private Storage out;
    private Storage dOut;
    private Storage dx;
    private float epsilon;

    SimdLayerNorm(WorkerPool pool, FeatureShape shape, BatchLayout batch) {
        this.pool = pool;
        this.shape = shape;
        this.statisticsShape = LayerNormKernel.statistics(shape);
        this.batch = batch;
        this.share = 1f / shape.channels();
        widthBytes = batch.blockWidth() * Float.BYTES;
        rowBytes = (long) shape.channels() * widthBytes;
        masks = new LaneMasks(batch);
        sums = new ChannelSums(pool.threads(), shape, batch, 2 * shape.channels());
        means = Storage.allocate(ElementType.FLOAT, 2L * pool.threads() * Native.LANES);
    }

    @Override
    public void forward(Storage x, double epsilon, Storage gamma, Storage beta, Storage statistics, Storage out) {
        Checks.epsilon(epsilon);
        Checks.activations("x", x, ElementType.FLOAT, batch, shape);
        Checks.storage("gamma", gamma, ElementType.FLOAT, shape.channels());
        Checks.storage("beta", beta, ElementType.FLOAT, shape.channels());
        Checks.activations("statistics", statistics, ElementType.FLOAT, batch, statisticsShape);
        Checks.activations("out", out, ElementType.FLOAT, batch, shape);
        this.x = x;
        this.epsilon = (float) epsilon;
        this.gamma = gamma;
        this.beta = beta;
        this.statistics = statistics;
        this.out = out;
        pool.run(sums.tasks(), forwardTask);
    }

    @Override
    public void backward(Storage x, Storage statistics, Storage gamma, Storage dOut, Storage dx, Storage dGamma,
            Storage dBeta) {
        Checks.activations("x", x, ElementType.FLOAT, batch, shape);
        Checks.activations("statistics", statistics, ElementType.FLOAT, batch, statisticsShape);
        Checks.storage("gamma", gamma, ElementType.FLOAT, shape.channels());
        Checks.activations("dOut", dOut, ElementType.FLOAT, batch, shape);
        Checks.activations("dx", dx, ElementType.FLOAT, batch, shape);
        Checks.storage("dGamma", dGamma, ElementType.FLOAT, shape.channels());
        Checks.storage("dBeta", dBeta, ElementType.FLOAT, shape.channels());
        this.x = x;
        this.statistics = statistics;
        this.gamma = gamma;
        this.dOut = dOut;
        this.dx = dx;
        pool.run(sums.tasks(), backwardTask);
        for (int channel = 0; channel < shape.channels(); channel++) {
            dGamma.set(channel, sums.total(2 * channel));
            dBeta.set(channel, sums.total(2 * channel + 1));
        }
    }

    private void forwardRows(int task, int worker) {
        for (int row = sums.firstRow(task); row < sums.endRow(task); row++) {
            for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                long from = x.address() + row * rowBytes + v;
                long mean = statistics.address() + 2L * row * widthBytes + v;
                long inverse = mean + widthBytes;
                SimdLayerNormLoops.mean(from, shape.channels(), widthBytes, share, mean);
                SimdLayerNormLoops.inverseDeviation(
                        from, shape.channels(), widthBytes, share, epsilon, mean, inverse);
                SimdLayerNormLoops.normalise(from, shape.channels(), widthBytes, mean, inverse, gamma.address(),
                        beta.address(), out.address() + row * rowBytes + v);
            }
        }
    }

    private void backwardRows(int task, int worker) {
        long ofPixel = means.address() + 2L * worker * VECTOR_BYTES;
        long totals = sums.open(worker);
        for (int row = sums.firstRow(task); row < sums.endRow(task); row++) {
            for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                long at = row * rowBytes + v;
                long mask = masks.lanes(row / shape.pixels()) + v;
                long mean = statistics.address() + 2L * row * widthBytes + v;
                long inverse = mean + widthBytes;
                SimdLayerNormLoops.gradientSums(x.address() + at, dOut.address() + at, shape.channels(), widthBytes,
                        share, mask, mean, inverse, gamma.address(), ofPixel, totals);
                SimdLayerNormLoops.gradient(x.address() + at, dOut.address() + at, shape.channels(), widthBytes,
                        mask, mean, inverse, gamma.address(), ofPixel, dx.address() + at);
            }
        }
        sums.keep(task, worker);
    }
}
