package org.bame.kernel;

/**
 * Batch normalisation on vectors of images, {@link ElementType#FLOAT} only. A tensor is cut into tasks of some
 * neighbouring channels of some pixels of a block; the cut depends on the shape alone, so that results have the same
 * bits whatever the number of threads.
 */
final class SimdBatchNorm implements BatchNormKernel {
    /** Pieces of a pixel are at least so many bytes, and only if there were fewer tasks than this otherwise. */
    private static final int PIECE_BYTES = 4096;
    private static final int ENOUGH_TASKS = 16;

    /** Images of a channel that one task works on; it sums them in single precision. */
    private static final int TASK_IMAGES = 1024;

    private final WorkerPool pool;
    private final FeatureShape shape;
    private final BatchLayout batch;
    private final int pixelsPerTask;
    private final int pixelRanges;
    private final int channelsPerTask;
    private final int tasks;
    private final int widthBytes;
    private final long pixelBytes;
    private final LaneMasks masks;
    private final NormalisationCoefficients coefficients;
    private final SimdMoments moments;
    private final SimdGradientSums gradientSums;
    private final double[] sumsOfGradients;
    private final double[] sumsOfProducts;
    private final WorkerPool.Task sumTask = this::sum;
    private final WorkerPool.Task normaliseTask = this::normalise;
    private final WorkerPool.Task gradientTask = this::gradient;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Epilogue sums;
    private Storage x;
    private Storage residual;
    private Activation activation;
    private Gates gates;
    private Storage out;
    private Storage dOut;
    private Storage dx;

    SimdBatchNorm(WorkerPool pool, FeatureShape shape, BatchLayout batch) {
        this.pool = pool;
        this.shape = shape;
        this.batch = batch;
        widthBytes = batch.blockWidth() * Float.BYTES;
        pixelBytes = (long) shape.channels() * widthBytes;
        pixelsPerTask = Math.max(1, TASK_IMAGES / batch.blockWidth());
        pixelRanges = (shape.pixels() + pixelsPerTask - 1) / pixelsPerTask;
        channelsPerTask = channelsPerTask(Math.multiplyExact(batch.blocks(), pixelRanges));
        int pieces = (shape.channels() + channelsPerTask - 1) / channelsPerTask;
        tasks = Math.multiplyExact(batch.blocks() * pixelRanges, pieces);
        masks = new LaneMasks(batch);
        coefficients = new NormalisationCoefficients(shape.channels());
        moments = new SimdMoments(shape, batch, masks, pool.threads());
        gradientSums = new SimdGradientSums(shape, batch, masks, pool.threads());
        sumsOfGradients = new double[shape.channels()];
        sumsOfProducts = new double[shape.channels()];
    }

    /** Whole pixels if possible: memory is streamed fastest in one piece. */
    private int channelsPerTask(int ranges) {
        int channels = shape.channels();
        long pieces = Math.min((ENOUGH_TASKS + ranges - 1) / ranges, (pixelBytes + PIECE_BYTES - 1) / PIECE_BYTES);
        int cut = Math.clamp(pieces, 1, channels);
        return (channels + cut - 1) / cut;
    }

    @Override
    public void moments(Storage x) {
        activations("x", x);
        sum(moments, x);
    }

    @Override
    public Epilogue moments() {
        return moments;
    }

    @Override
    public void statistics(Storage mean, Storage variance) {
        vector("mean", mean);
        vector("variance", variance);
        moments.statistics(mean, variance);
    }

    @Override
    public void normalise(
            Storage x,
            NormalisationParameters parameters,
            Storage residual,
            Activation activation,
            Gates gates,
            Storage out) {
        activations("x", x);
        parameters.check(ElementType.FLOAT, shape.channels());
        Checks.residual(activation, residual);
        if (residual != null) {
            activations("residual", residual);
        }
        if (gates != null) {
            Checks.gates(activation, gates, batch.elements(shape));
        }
        activations("out", out);
        this.x = x;
        this.residual = residual;
        this.activation = activation;
        this.gates = activation.gated() ? gates : null;
        this.out = out;
        coefficients.load(parameters);
        pool.run(tasks, normaliseTask);
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
        activations("x", x);
        parameters.check(ElementType.FLOAT, shape.channels());
        Checks.gates(activation, gates, batch.elements(shape));
        activations("dOut", dOut);
        activations("dx", dx);
        vector("dGamma", dGamma);
        vector("dBeta", dBeta);
        gradientSums.with(x, parameters, activation, gates);
        sum(gradientSums, dOut);
        gradientSums.totals(sumsOfGradients, sumsOfProducts);
        double count = (double) batch.images() * shape.pixels();
        for (int channel = 0; channel < shape.channels(); channel++) {
            double inverse = parameters.inverseDeviation(channel);
            double scale = parameters.gamma().get(channel) * inverse;
            double sum = sumsOfGradients[channel];
            double sumNormalised = sumsOfProducts[channel] * inverse;
            coefficients.set(channel, parameters.mean().get(channel), scale, scale * sum / count,
                    scale * inverse * sumNormalised / count);
            dGamma.set(channel, sumNormalised);
            dBeta.set(channel, sum);
        }
        this.x = x;
        this.dOut = dOut;
        this.dx = dx;
        pool.run(tasks, gradientTask);
    }

    private void sum(Epilogue epilogue, Storage target) {
        epilogue.begin(target, pixelRanges);
        sums = epilogue;
        pool.run(tasks, sumTask);
    }

    // The tasks.

    private void sum(int task, int worker) {
        int first = firstChannel(task);
        sums.stretch(block(task), pixelRange(task), firstPixel(task), 1, pixels(task), 0, batch.blockWidth(), first,
                first + channels(task),
                worker);
    }

    private void normalise(int task, int worker) {
        int pixels = pixels(task);
        int channels = channels(task);
        long coefficient = coefficients.address(firstChannel(task));
        if (activation == Activation.HARD_SWISH) {
            SimdHardSwishLoops.normalise(x.address() + offset(task), pixels, pixelBytes, channels, widthBytes,
                    coefficient, out.address() + offset(task));
            return;
        }
        for (int v = 0; v < widthBytes; v += 2 * Native.VECTOR_BYTES) {
            boolean pair = v + Native.VECTOR_BYTES < widthBytes;
            long offset = offset(task) + v;
            long from = x.address() + offset;
            long to = out.address() + offset;
            int images = masks.bits(block(task), v / Float.BYTES);
            long gate = gates == null ? 0 : gates.address(offset);
            if (residual == null && pair) {
                SimdBatchNormLoops.normalisePair(from, pixels, pixelBytes, channels, widthBytes, coefficient,
                        activation.floor(), activation.ceiling(), images, gate, to);
            } else if (residual == null) {
                SimdBatchNormLoops.normaliseOne(from, pixels, pixelBytes, channels, widthBytes, coefficient,
                        activation.floor(), activation.ceiling(), images, gate, to);
            } else if (pair) {
                SimdBatchNormLoops.normaliseAndAddPair(from, residual.address() + offset, pixels, pixelBytes, channels,
                        widthBytes, coefficient, activation.floor(), activation.ceiling(), images, gate, to);
            } else {
                SimdBatchNormLoops.normaliseAndAddOne(from, residual.address() + offset, pixels, pixelBytes, channels,
                        widthBytes, coefficient, activation.floor(), activation.ceiling(), images, gate, to);
            }
        }
    }

    private void gradient(int task, int worker) {
        long coefficient = coefficients.address(firstChannel(task));
        for (int v = 0; v < widthBytes; v += 2 * Native.VECTOR_BYTES) {
            long offset = offset(task) + v;
            long from = x.address() + offset;
            long dz = dOut.address() + offset;
            long mask = masks.lanes(block(task)) + v;
            if (v + Native.VECTOR_BYTES < widthBytes) {
                SimdGradientLoops.gradientOfPair(from, dz, pixels(task), pixelBytes, channels(task), widthBytes, mask,
                        coefficient, dx.address() + offset);
            } else {
                SimdGradientLoops.gradientOfOne(from, dz, pixels(task), pixelBytes, channels(task), widthBytes, mask,
                        coefficient, dx.address() + offset);
            }
        }
    }

    // Tasks are numbered by channels, blocks, pixels, the last fastest.

    private int pixelRange(int task) {
        return task % pixelRanges;
    }

    private int block(int task) {
        return task / pixelRanges % batch.blocks();
    }

    private int firstPixel(int task) {
        return pixelRange(task) * pixelsPerTask;
    }

    private int pixels(int task) {
        return Math.min(pixelsPerTask, shape.pixels() - firstPixel(task));
    }

    private int firstChannel(int task) {
        return task / pixelRanges / batch.blocks() * channelsPerTask;
    }

    private int channels(int task) {
        return Math.min(channelsPerTask, shape.channels() - firstChannel(task));
    }

    /** Bytes from the start of a tensor to a task's part. */
    private long offset(int task) {
        return ((long) block(task) * shape.pixels() + firstPixel(task)) * pixelBytes
                + (long) firstChannel(task) * widthBytes;
    }

    private void activations(String name, Storage storage) {
        Checks.activations(name, storage, ElementType.FLOAT, batch, shape);
    }

    private void vector(String name, Storage storage) {
        Checks.storage(name, storage, ElementType.FLOAT, shape.channels());
    }
}
