package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.lang.foreign.Arena;
import org.bame.sparsity.WeightShape;

/**
 * The weight gradient on all weights. A task owns a range of output and of input channels: it walks the output pixels in
 * short stretches whose dY and X stay in the first-level cache while every kernel position and every tile of 4 x 4 channels
 * uses them. Partial sums, one vector a weight, stay in the second-level cache; their lanes are added up at the end.
 */
final class DenseWeightGradient implements WorkerPool.Task {
    private static final int TILE = 4;
    private static final int STRETCH_BYTES = 36 * 1024;
    private static final int SUMS_BYTES = 384 * 1024;
    private static final int MOST_INPUTS = 32;
    private static final int ROWS = 8;

    private final ConvolutionShape shape;
    private final WeightShape weights;
    private final FeatureShape in;
    private final FeatureShape out;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final int rowRange;
    private final int inputRange;
    private final int inputTasks;
    private final int tasks;
    private final int pixelsPerStretch;
    private final Storage[] sums;
    private final long[] executed;
    private final int vectors;
    private final int vectorsAtOnce;
    private final long lane;
    private long x;
    private long dy;
    private long dw;

    DenseWeightGradient(ConvolutionShape shape, BatchLayout batch, WorkerPool pool, Arena arena) {
        this.shape = shape;
        this.weights = shape.weights();
        this.in = shape.input();
        this.out = shape.output();
        this.batch = batch;
        this.pool = pool;
        this.vectors = batch.blockWidth() / LANES;
        this.vectorsAtOnce = vectors % 2 == 0 ? 2 : 1;
        this.lane = (long) batch.blockWidth() * Float.BYTES;
        int taps = shape.kernelHeight() * shape.kernelWidth();
        this.rowRange = Math.min(ROWS, out.channels());
        int fitting = Math.max(TILE, SUMS_BYTES / (taps * rowRange * VECTOR_BYTES) / TILE * TILE);
        this.inputRange = Math.min(in.channels(), Math.min(fitting, MOST_INPUTS));
        this.inputTasks = (in.channels() + inputRange - 1) / inputRange;
        this.tasks = (out.channels() + rowRange - 1) / rowRange * inputTasks;
        this.pixelsPerStretch = Math.max(1, (int) (STRETCH_BYTES / ((rowRange + inputRange) * lane)));
        this.executed = new long[tasks];
        this.sums = new Storage[pool.threads()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Storage.allocate(arena, ElementType.FLOAT, (long) taps * rowRange * inputRange * LANES);
        }
    }

    /** Computes the gradient; returns the multiply-accumulates executed for the images of the batch. */
    long run(Storage input, Storage outputGradient, Storage weightGradient) {
        x = input.address();
        dy = outputGradient.address();
        dw = weightGradient.address();
        pool.run(tasks, this);
        long sum = 0;
        for (long count : executed) {
            sum += count;
        }
        return sum;
    }

    @Override
    public void run(int task, int worker) {
        int firstRow = task / inputTasks * rowRange;
        int rows = Math.min(rowRange, out.channels() - firstRow);
        int firstInput = task % inputTasks * inputRange;
        int inputs = Math.min(inputRange, in.channels() - firstInput);
        sums[worker].fill(0);
        long to = sums[worker].address();
        long macs = 0;
        for (int block = 0; block < batch.blocks(); block++) {
            long pairs = 0;
            long blockX = x + block * batchBytes(in) + firstInput * lane;
            long blockDy = dy + block * batchBytes(out) + firstRow * lane;
            for (int column = 0; column < out.width(); column++) {
                for (int row = 0; row < out.height(); row += pixelsPerStretch) {
                    int end = Math.min(out.height(), row + pixelsPerStretch);
                    pairs += stretch(column, row, end, blockX, blockDy, rows, inputs, to);
                }
            }
            macs += pairs * rows * inputs * batch.imagesIn(block);
        }
        executed[task] = macs;
        addUp(firstRow, rows, firstInput, inputs, to);
    }

    private long batchBytes(FeatureShape features) {
        return (long) features.elementsPerImage() * lane;
    }

    /** One stretch of a column of output pixels, at every kernel position; returns pairs of pixels multiplied. */
    private long stretch(
            int column, int row, int end, long blockX, long blockDy, int rows, int inputs, long to) {
        long pairs = 0;
        int stride = shape.stride();
        long xPixel = in.channels() * lane;
        long dyPixel = out.channels() * lane;
        for (int kx = 0; kx < shape.kernelWidth(); kx++) {
            int inColumn = column * stride + kx - shape.padding();
            if (inColumn < 0 || inColumn >= in.width()) {
                continue;
            }
            for (int ky = 0; ky < shape.kernelHeight(); ky++) {
                int shift = ky - shape.padding();
                int from = Math.max(row, shift >= 0 ? 0 : (-shift + stride - 1) / stride);
                int last = in.height() - 1 - shift;
                int until = last < 0 ? from : Math.min(end, last / stride + 1);
                if (from >= until) {
                    continue;
                }
                long source = blockX + ((long) inColumn * in.height() + (long) from * stride + shift) * xPixel;
                long target = blockDy + ((long) column * out.height() + from) * dyPixel;
                long tapSums = to + (long) (kx * shape.kernelHeight() + ky) * rows * inputs * VECTOR_BYTES;
                tiles(until - from, rows, inputs, source, stride * xPixel, target, dyPixel, tapSums);
                pairs += until - from;
            }
        }
        return pairs;
    }

    private void tiles(
            int pixels, int rows, int inputs, long source, long sourceStep, long target, long targetStep, long to) {
        long sum = to;
        for (int r = 0; r < rows;) {
            int height = rows - r >= TILE ? TILE : 1;
            for (int c = 0; c < inputs;) {
                int width = inputs - c >= TILE ? TILE : 1;
                long xc = source + c * lane;
                long dyr = target + r * lane;
                for (int part = 0; part < vectors; part += vectorsAtOnce) {
                    long shift = (long) part * VECTOR_BYTES;
                    tile(height, width, pixels, xc + shift, sourceStep, dyr + shift, targetStep, sum);
                }
                sum += (long) height * width * VECTOR_BYTES;
                c += width;
            }
            r += height;
        }
    }

    private void tile(
            int height, int width, int pixels, long source, long sourceStep, long target, long targetStep, long to) {
        if (vectorsAtOnce == 2) {
            if (height == TILE && width == TILE) {
                GradientTiles.outer4x4x2(pixels, source, sourceStep, target, targetStep, lane, to);
            } else if (height == TILE) {
                GradientTiles.outer4x1x2(pixels, source, sourceStep, target, targetStep, lane, to);
            } else if (width == TILE) {
                GradientTiles.outer1x4x2(pixels, source, sourceStep, target, targetStep, lane, to);
            } else {
                GradientTiles.outer1x1x2(pixels, source, sourceStep, target, targetStep, lane, to);
            }
        } else if (height == TILE && width == TILE) {
            GradientTiles.outer4x4x1(pixels, source, sourceStep, target, targetStep, lane, to);
        } else if (height == TILE) {
            GradientTiles.outer4x1x1(pixels, source, sourceStep, target, targetStep, lane, to);
        } else if (width == TILE) {
            GradientTiles.outer1x4x1(pixels, source, sourceStep, target, targetStep, lane, to);
        } else {
            GradientTiles.outer1x1x1(pixels, source, sourceStep, target, targetStep, lane, to);
        }
    }

    /** Walks the sums in the order in which {@link #tiles} laid them out. */
    private void addUp(int firstRow, int rows, int firstInput, int inputs, long from) {
        long sum = from;
        for (int kx = 0; kx < shape.kernelWidth(); kx++) {
            for (int ky = 0; ky < shape.kernelHeight(); ky++) {
                for (int r = 0, height; r < rows; r += height) {
                    height = rows - r >= TILE ? TILE : 1;
                    for (int c = 0, width; c < inputs; c += width) {
                        width = inputs - c >= TILE ? TILE : 1;
                        for (int i = 0; i < height * width; i++) {
                            int row = firstRow + r + i / width;
                            int index = weights.index(row, ky, kx, firstInput + c + i % width);
                            Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, dw + ((long) index << 2), LaneSums.sum(sum));
                            sum += VECTOR_BYTES;
                        }
                    }
                }
            }
        }
    }
}
