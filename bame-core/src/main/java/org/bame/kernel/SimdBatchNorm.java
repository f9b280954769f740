package org.bame.kernel;

import java.lang.foreign.ValueLayout;

/**
 * Batch normalisation on vectors of images, {@link ElementType#FLOAT} only. A tensor is cut into tasks of some
 * neighbouring channels times some rows (a row is one pixel of one block); the cut depends on the shape alone, and sums
 * are combined in double precision in one order, so that results have the same bits whatever the number of threads.
 */
final class SimdBatchNorm implements BatchNormKernel {
    /** Most channels of a task: their sums take 64 KB and stay in L2. */
    private static final int MOST_CHANNELS = 512;

    /** Rows are cut into pieces of at least so many bytes, and only if there were fewer tasks than this otherwise. */
    private static final int PIECE_BYTES = 4096;
    private static final int ENOUGH_TASKS = 16;

    /** Images of a channel that one task sums in single precision. */
    private static final int TASK_IMAGES = 1024;

    /** Pixels and images of the first block from which the statistics take their shift. */
    private static final int SHIFT_PIXELS = 8;
    private static final int SHIFT_IMAGES = 4;

    private final WorkerPool pool;
    private final FeatureShape shape;
    private final BatchLayout batch;
    private final double count;

    private final int rows;
    private final int openRows;
    private final int rowsPerTask;
    private final int rowRanges;
    private final int channelsPerTask;
    private final int tasks;
    private final int widthBytes;
    private final long rowBytes;

    /** All ones for the rows of full blocks; ones for the images and zeros for the padding in the last block. */
    private final Storage openMask;
    private final Storage tailMask;
    /** One shift, or four numbers, a channel. */
    private final Storage coefficients;
    /** Two vectors a channel for each worker. */
    private final Storage laneSums;
    private final long laneSumBytes;
    /** {@code [row range][channel]}: what the tasks summed. */
    private final double[] firstSums;
    private final double[] secondSums;

    private final WorkerPool.Task momentsTask = this::momentsOf;
    private final WorkerPool.Task normaliseTask = this::normaliseRows;
    private final WorkerPool.Task gradientSumsTask = this::gradientSumsOf;
    private final WorkerPool.Task gradientTask = this::gradientOf;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage x;
    private Storage residual;
    private Activation activation;
    private Storage out;
    private Storage dOut;
    private Storage dx;

    SimdBatchNorm(WorkerPool pool, FeatureShape shape, BatchLayout batch) {
        this.pool = pool;
        this.shape = shape;
        this.batch = batch;
        this.count = (double) batch.images() * shape.pixels();
        int width = batch.blockWidth();
        int channels = shape.channels();
        rows = Math.multiplyExact(batch.blocks(), shape.pixels());
        openRows = (batch.images() / width) * shape.pixels();
        rowsPerTask = Math.max(1, TASK_IMAGES / width);
        rowRanges = (rows + rowsPerTask - 1) / rowsPerTask;
        widthBytes = width * ElementType.FLOAT.bytes();
        rowBytes = (long) channels * widthBytes;
        channelsPerTask = channelsPerTask();
        tasks = Math.multiplyExact(rowRanges, (channels + channelsPerTask - 1) / channelsPerTask);
        openMask = mask(width, width);
        tailMask = mask(width, batch.imagesIn(batch.blocks() - 1));
        coefficients = Storage.allocate(ElementType.FLOAT, 4L * channels);
        laneSumBytes = 2L * Native.VECTOR_BYTES * channelsPerTask;
        laneSums = Storage.allocate(ElementType.FLOAT, pool.threads() * laneSumBytes / ElementType.FLOAT.bytes());
        firstSums = new double[Math.multiplyExact(rowRanges, channels)];
        secondSums = new double[firstSums.length];
    }

    /** Whole rows if possible: memory is streamed fastest in one piece. */
    private int channelsPerTask() {
        int channels = shape.channels();
        long pieces = Math.min((ENOUGH_TASKS + rowRanges - 1) / rowRanges, (rowBytes + PIECE_BYTES - 1) / PIECE_BYTES);
        int cut = (int) Math.clamp(pieces, 1, channels);
        return Math.min(MOST_CHANNELS, (channels + cut - 1) / cut);
    }

    private static Storage mask(int width, int images) {
        Storage mask = Storage.allocate(ElementType.FLOAT, width);
        for (int i = 0; i < images; i++) {
            mask.segment().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, -1);
        }
        return mask;
    }

    @Override
    public void statistics(Storage x, Storage mean, Storage variance) {
        activations("x", x);
        vector("mean", mean);
        vector("variance", variance);
        this.x = x;
        chooseShifts();
        pool.run(tasks, momentsTask);
        for (int channel = 0; channel < shape.channels(); channel++) {
            double shifted = sum(firstSums, channel) / count;
            double squares = sum(secondSums, channel) / count;
            mean.set(channel, coefficients.get(channel) + shifted);
            variance.set(channel, Math.max(0, squares - shifted * shifted));
        }
    }

    @Override
    public void normalise(
            Storage x, NormalisationParameters parameters, Storage residual, Activation activation, Storage out) {
        activations("x", x);
        parameters.check(ElementType.FLOAT, shape.channels());
        Checks.residual(activation, residual);
        if (residual != null) {
            activations("residual", residual);
        }
        activations("out", out);
        this.x = x;
        this.residual = residual;
        this.activation = activation;
        this.out = out;
        load(parameters);
        pool.run(tasks, normaliseTask);
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
        activations("x", x);
        parameters.check(ElementType.FLOAT, shape.channels());
        activations("out", out);
        activations("dOut", dOut);
        activations("dx", dx);
        vector("dGamma", dGamma);
        vector("dBeta", dBeta);
        this.x = x;
        this.activation = activation;
        this.out = out;
        this.dOut = dOut;
        this.dx = dx;
        load(parameters);
        pool.run(tasks, gradientSumsTask);
        for (int channel = 0; channel < shape.channels(); channel++) {
            double inverse = parameters.inverseDeviation(channel);
            double scale = parameters.gamma().get(channel) * inverse;
            double sum = sum(firstSums, channel);
            double sumNormalised = sum(secondSums, channel) * inverse;
            coefficients.set(4L * channel + 2, scale * sum / count);
            coefficients.set(4L * channel + 3, scale * inverse * sumNormalised / count);
            dGamma.set(channel, sumNormalised);
            dBeta.set(channel, sum);
        }
        pool.run(tasks, gradientTask);
    }

    /** Writes mean, scale and beta of each channel. */
    private void load(NormalisationParameters parameters) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            double scale = parameters.gamma().get(channel) * parameters.inverseDeviation(channel);
            coefficients.set(4L * channel, parameters.mean().get(channel));
            coefficients.set(4L * channel + 1, scale);
            coefficients.set(4L * channel + 2, parameters.beta().get(channel));
        }
    }

    /**
     * Sums of squares are taken about a value near each channel's mean, or single precision would cancel where the mean
     * is large against the deviation. A few numbers are near enough: seeing n of N, the squared distance to the mean is
     * at most N / n variances, however the rest is distributed.
     */
    private void chooseShifts() {
        int pixels = Math.min(SHIFT_PIXELS, shape.pixels());
        int images = Math.min(SHIFT_IMAGES, batch.images());
        for (int channel = 0; channel < shape.channels(); channel++) {
            double sum = 0;
            for (int i = 0; i < pixels; i++) {
                long pixel = (long) i * shape.pixels() / pixels;
                long first = x.address() + pixel * rowBytes + (long) channel * widthBytes;
                for (int image = 0; image < images; image++) {
                    sum += Native.MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, first + 4L * image);
                }
            }
            coefficients.set(channel, sum / (pixels * images));
        }
    }

    private double sum(double[] sums, int channel) {
        double sum = 0;
        for (int i = channel; i < sums.length; i += shape.channels()) {
            sum += sums[i];
        }
        return sum;
    }

    // The tasks. Row ranges that reach into the last, partly filled block are worked in two parts, with two masks.

    private void momentsOf(int task, int worker) {
        int first = firstRow(task);
        int end = endRow(task);
        int middle = Math.clamp(openRows, first, end);
        long sums = clearSums(worker);
        long shifts = coefficients.address() + 4L * firstChannel(task);
        SimdBatchNormLoops.moments(at(x, task, first), middle - first, rowBytes, channels(task), widthBytes,
                openMask.address(), shifts, sums);
        SimdBatchNormLoops.moments(at(x, task, middle), end - middle, rowBytes, channels(task), widthBytes,
                tailMask.address(), shifts, sums);
        keepSums(task, sums);
    }

    private void normaliseRows(int task, int worker) {
        int first = firstRow(task);
        int rows = endRow(task) - first;
        long coefficient = coefficients.address() + 16L * firstChannel(task);
        if (activation == Activation.HARD_SWISH) {
            SimdHardSwishLoops.normalise(at(x, task, first), rows, rowBytes, channels(task), widthBytes, coefficient,
                    at(out, task, first));
        } else if (residual == null) {
            SimdBatchNormLoops.normalise(at(x, task, first), rows, rowBytes, channels(task), widthBytes, coefficient,
                    activation.floor(), activation.ceiling(), at(out, task, first));
        } else {
            SimdBatchNormLoops.normaliseAndAdd(at(x, task, first), at(residual, task, first), rows, rowBytes,
                    channels(task), widthBytes, coefficient, activation.floor(), activation.ceiling(),
                    at(out, task, first));
        }
    }

    private void gradientSumsOf(int task, int worker) {
        int first = firstRow(task);
        int end = endRow(task);
        int middle = Math.clamp(openRows, first, end);
        long sums = clearSums(worker);
        gradientSums(task, first, middle, openMask, sums);
        gradientSums(task, middle, end, tailMask, sums);
        keepSums(task, sums);
    }

    private void gradientSums(int task, int first, int end, Storage mask, long sums) {
        long coefficient = coefficients.address() + 16L * firstChannel(task);
        if (activation == Activation.HARD_SWISH) {
            SimdHardSwishLoops.gradientSums(at(x, task, first), at(dOut, task, first), end - first, rowBytes,
                    channels(task), widthBytes, mask.address(), coefficient, sums);
        } else {
            SimdBatchNormLoops.gradientSums(at(x, task, first), at(out, task, first), activation.floor(),
                    activation.ceiling(), at(dOut, task, first), end - first, rowBytes, channels(task), widthBytes,
                    mask.address(), coefficient, sums);
        }
    }

    private void gradientOf(int task, int worker) {
        int first = firstRow(task);
        int end = endRow(task);
        int middle = Math.clamp(openRows, first, end);
        gradient(task, first, middle, openMask);
        gradient(task, middle, end, tailMask);
    }

    private void gradient(int task, int first, int end, Storage mask) {
        SimdBatchNormLoops.gradient(at(x, task, first), at(dOut, task, first), end - first, rowBytes, channels(task),
                widthBytes, mask.address(), coefficients.address() + 16L * firstChannel(task), at(dx, task, first));
    }

    // Tasks are numbered by row ranges first.

    private int firstRow(int task) {
        return task % rowRanges * rowsPerTask;
    }

    private int endRow(int task) {
        return Math.min(rows, firstRow(task) + rowsPerTask);
    }

    private int firstChannel(int task) {
        return task / rowRanges * channelsPerTask;
    }

    private int channels(int task) {
        return Math.min(channelsPerTask, shape.channels() - firstChannel(task));
    }

    private long at(Storage activations, int task, int row) {
        return activations.address() + row * rowBytes + (long) firstChannel(task) * widthBytes;
    }

    private long clearSums(int worker) {
        long first = laneSums.address() + worker * laneSumBytes;
        for (long i = 0; i < laneSumBytes; i += Float.BYTES) {
            Native.MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, first + i, 0);
        }
        return first;
    }

    /** Adds lanes in one fixed order (a lane-wise reduction does not promise one). */
    private void keepSums(int task, long sums) {
        int at = firstRow(task) / rowsPerTask * shape.channels() + firstChannel(task);
        long from = sums;
        for (int channel = 0; channel < channels(task); channel++) {
            double first = 0;
            double second = 0;
            for (int lane = 0; lane < Native.LANES; lane++) {
                first += Native.MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + 4L * lane);
                second += Native.MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + Native.VECTOR_BYTES + 4L * lane);
            }
            firstSums[at + channel] = first;
            secondSums[at + channel] = second;
            from += 2L * Native.VECTOR_BYTES;
        }
    }

    private void activations(String name, Storage storage) {
        Checks.activations(name, storage, ElementType.FLOAT, batch, shape);
    }

    private void vector(String name, Storage storage) {
        Checks.storage(name, storage, ElementType.FLOAT, shape.channels());
    }
}
