package org.bame.kernel;

import java.util.ArrayList;
import java.util.List;
import org.bame.sparsity.WeightShape;

/**
 * The geometry of one product that gathers: a rectangle of target pixels, each the weighted sum of a window of source
 * pixels. The forward product is one such gather; the input gradient is one for each parity of the input pixel (one at
 * stride 1, four at stride 2), with a kernel of its own that holds every stride-th tap in reversed order. Taps that fall
 * outside the source meet zeros, which are put there when a window is packed ({@link PackedWindow}), or are left out
 * ({@link PixelRun}).
 *
 * @param rows target channels (one list of taps each)
 * @param channels source channels
 * @param transposed whether target channels are the convolution's inputs
 * @param across the direction in which neighbouring lines of target pixels lie
 * @param along the direction of a line; a tile is a stretch of it
 * @param alongColumns whether lines run from column to column
 */
record Correlation(int rows, int channels, boolean transposed, Axis across, Axis along, boolean alongColumns) {

    /**
     * One direction of the target rectangle. Target pixel i lies at {@code target + i * targetStep} and its window starts
     * at source {@code origin + i * sourceStep}, which may be outside; tap t is kernel row or column
     * {@code firstTap + t * tapStep}.
     *
     * @param pixels target pixels
     * @param target first of them, as offset in pixels
     * @param targetStep distance of neighbours in pixels of the whole target
     * @param origin source coordinate of the first window's tap 0
     * @param sourceStep distance of neighbouring windows in source coordinates
     * @param sourceSize source coordinates that are inside
     * @param sourcePixels distance of neighbouring source coordinates in pixels of the whole source
     * @param taps taps of a window
     * @param firstTap kernel coordinate of tap 0
     * @param tapStep step in kernel coordinates from tap to tap, negative for the reversed order
     */
    record Axis(
            int pixels,
            int target,
            int targetStep,
            int origin,
            int sourceStep,
            int sourceSize,
            int sourcePixels,
            int taps,
            int firstTap,
            int tapStep) {
        int kernelCoordinate(int tap) {
            return firstTap + tap * tapStep;
        }

        private boolean pointwise() {
            return taps == 1 && sourceStep == 1 && targetStep == sourcePixels && origin == 0 && sourceSize == pixels;
        }
    }

    /** The gather of the forward product; lines are columns. */
    static Correlation forward(ConvolutionShape shape) {
        FeatureShape in = shape.input();
        FeatureShape out = shape.output();
        Axis columns = new Axis(out.width(), 0, out.height(), -shape.padding(), shape.stride(), in.width(),
                in.height(), shape.kernelWidth(), 0, 1);
        Axis rows = new Axis(out.height(), 0, 1, -shape.padding(), shape.stride(), in.height(), 1,
                shape.kernelHeight(), 0, 1);
        return new Correlation(out.channels(), in.channels(), false, columns, rows, false);
    }

    /** The gathers of the input gradient, which together cover every input pixel once; lines are columns. */
    static List<Correlation> inputGradient(ConvolutionShape shape) {
        FeatureShape in = shape.input();
        FeatureShape out = shape.output();
        List<Correlation> gathers = new ArrayList<>();
        for (int columnParity = 0; columnParity < Math.min(shape.stride(), in.width()); columnParity++) {
            for (int rowParity = 0; rowParity < Math.min(shape.stride(), in.height()); rowParity++) {
                Axis columns = gradientAxis(
                        shape, in.width(), in.height(), columnParity, shape.kernelWidth(), out.width(), out.height());
                Axis rows = gradientAxis(shape, in.height(), 1, rowParity, shape.kernelHeight(), out.height(), 1);
                gathers.add(new Correlation(in.channels(), out.channels(), true, columns, rows, false));
            }
        }
        return List.copyOf(gathers);
    }

    /** Input pixel p = parity + i * stride meets tap k at output pixel (p + padding - k) / stride. */
    private static Axis gradientAxis(ConvolutionShape shape, int size, int pixelStep, int parity, int kernel,
            int outputSize, int outputStep) {
        int stride = shape.stride();
        int first = (parity + shape.padding()) % stride;
        int taps = first >= kernel ? 0 : (kernel - first + stride - 1) / stride;
        int count = (size - parity + stride - 1) / stride;
        int origin = (parity + shape.padding() - first) / stride - (taps - 1);
        return new Axis(count, parity * pixelStep, stride * pixelStep, origin, 1, outputSize, outputStep, taps,
                first + stride * (taps - 1), -stride);
    }

    /** The same gather with lines in the longer direction; a pointwise one becomes one line of all pixels. */
    Correlation withLongLines() {
        if (pointwise() && along.sourcePixels() == 1 && across.sourcePixels() == along.pixels()) {
            int pixels = across.pixels() * along.pixels();
            Axis one = new Axis(1, 0, pixels, 0, 1, 1, pixels, 1, 0, 1);
            Axis all = new Axis(pixels, 0, 1, 0, 1, pixels, 1, 1, 0, 1);
            return new Correlation(rows, channels, transposed, one, all, false);
        }
        return across.pixels() > along.pixels()
                ? new Correlation(rows, channels, transposed, along, across, !alongColumns)
                : this;
    }

    /** Whether no tap reaches any target pixel: the target is zero. */
    boolean empty() {
        return across.taps() == 0 || along.taps() == 0;
    }

    /** Whether each target pixel reads the same pixel of the source, and nothing else. */
    boolean pointwise() {
        return across.pointwise() && along.pointwise();
    }

    /** Offset of a target pixel in pixels of the whole target. */
    int targetPixel(int line, int pixel) {
        return across.target() + line * across.targetStep() + along.target() + pixel * along.targetStep();
    }

    /** Index of the weight between output and input 0 at a tap, in the weights' memory order. */
    int weight(WeightShape shape, int output, int acrossTap, int alongTap) {
        int acrossCoordinate = across.kernelCoordinate(acrossTap);
        int alongCoordinate = along.kernelCoordinate(alongTap);
        return alongColumns
                ? shape.index(output, acrossCoordinate, alongCoordinate, 0)
                : shape.index(output, alongCoordinate, acrossCoordinate, 0);
    }
}
