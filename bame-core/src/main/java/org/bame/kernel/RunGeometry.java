package org.bame.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The geometry of one product that gathers straight from the source, without a packed window: a rectangle of target pixels, each the weighted sum of a window of source
 * pixels. The forward product is one such gather; the input gradient is one for each parity of the input pixel (one at
 * stride 1, four at stride 2), with a kernel of its own that holds every stride-th tap in reversed order.
 *
 * <p>The window of a border pixel is cut to the taps that fall inside the source. Valid taps are an interval in each
 * direction, so pixels are grouped into straight {@link Run}s with the same two intervals; nothing is padded.
 *
 * @param rows target channels (one list of taps each)
 * @param channels source channels
 * @param targetHeight rows of the whole target, for addressing
 * @param sourceHeight rows of the source
 * @param columnTaps kernel columns of this gather
 * @param rowTaps kernel rows of this gather
 * @param firstColumnTap kernel column (of the convolution) of tap 0
 * @param columnTapStep step from one tap to the next, negative for the reversed order
 * @param firstRowTap kernel row of tap 0
 * @param rowTapStep step from one tap to the next
 * @param transposed whether target channels are the convolution's inputs
 * @param runs the pixels
 */
record RunGeometry(
        int rows,
        int channels,
        int targetHeight,
        int sourceHeight,
        int columnTaps,
        int rowTaps,
        int firstColumnTap,
        int columnTapStep,
        int firstRowTap,
        int rowTapStep,
        boolean transposed,
        List<Run> runs) {

    /**
     * Pixels on a straight line with the same valid taps. Offsets are in pixels; the source offset is that of tap (0, 0) and
     * may lie outside the source, but no valid tap does.
     */
    record Run(
            int target,
            int targetStep,
            int source,
            int sourceStep,
            int pixels,
            int firstColumn,
            int endColumn,
            int firstRow,
            int endRow) {
        boolean empty() {
            return firstColumn >= endColumn || firstRow >= endRow;
        }

        int taps() {
            return empty() ? 0 : (endColumn - firstColumn) * (endRow - firstRow);
        }
    }

    /** One direction of the target rectangle: target = start + i * step, window starts at source = origin + i * sourceStep. */
    private record Axis(int count, int start, int step, int origin, int sourceStep, int taps, int sourceSize) {
        int first(int i) {
            return Math.min(taps, Math.max(0, -(origin + i * sourceStep)));
        }

        int end(int i) {
            return Math.max(0, Math.min(taps, sourceSize - (origin + i * sourceStep)));
        }
    }

    /** The gather of the forward product. */
    static RunGeometry forward(ConvolutionShape shape) {
        FeatureShape in = shape.input();
        FeatureShape out = shape.output();
        Axis columns = new Axis(
                out.width(), 0, 1, -shape.padding(), shape.stride(), shape.kernelWidth(), in.width());
        Axis rows = new Axis(
                out.height(), 0, 1, -shape.padding(), shape.stride(), shape.kernelHeight(), in.height());
        return new RunGeometry(
                out.channels(),
                in.channels(),
                out.height(),
                in.height(),
                shape.kernelWidth(),
                shape.kernelHeight(),
                0,
                1,
                0,
                1,
                false,
                runs(columns, rows, out.height(), in.height()));
    }

    /** The gathers of the input gradient, which together cover every input pixel once. */
    static List<RunGeometry> inputGradient(ConvolutionShape shape) {
        FeatureShape in = shape.input();
        FeatureShape out = shape.output();
        int stride = shape.stride();
        List<RunGeometry> gathers = new ArrayList<>();
        for (int columnParity = 0; columnParity < Math.min(stride, in.width()); columnParity++) {
            for (int rowParity = 0; rowParity < Math.min(stride, in.height()); rowParity++) {
                int firstColumn = (columnParity + shape.padding()) % stride;
                int firstRow = (rowParity + shape.padding()) % stride;
                int columnTaps = tapsFrom(firstColumn, shape.kernelWidth(), stride);
                int rowTaps = tapsFrom(firstRow, shape.kernelHeight(), stride);
                Axis columns = gradientAxis(in.width(), columnParity, firstColumn, columnTaps, shape, out.width());
                Axis rows = gradientAxis(in.height(), rowParity, firstRow, rowTaps, shape, out.height());
                gathers.add(new RunGeometry(
                        in.channels(),
                        out.channels(),
                        in.height(),
                        out.height(),
                        columnTaps,
                        rowTaps,
                        firstColumn + stride * (columnTaps - 1),
                        -stride,
                        firstRow + stride * (rowTaps - 1),
                        -stride,
                        true,
                        runs(columns, rows, in.height(), out.height())));
            }
        }
        return List.copyOf(gathers);
    }

    private static int tapsFrom(int first, int kernel, int stride) {
        return first >= kernel ? 0 : (kernel - first + stride - 1) / stride;
    }

    /** Input pixel p = parity + i * stride meets tap k at output pixel (p + padding - k) / stride. */
    private static Axis gradientAxis(
            int size, int parity, int firstTap, int taps, ConvolutionShape shape, int outputSize) {
        int count = (size - parity + shape.stride() - 1) / shape.stride();
        int origin = (parity + shape.padding() - firstTap) / shape.stride() - (taps - 1);
        return new Axis(count, parity, shape.stride(), origin, 1, taps, outputSize);
    }

    /** Cuts the rectangle into lines along its longer side within each class of equal valid taps. */
    private static List<Run> runs(Axis columns, Axis rows, int targetHeight, int sourceHeight) {
        List<Run> runs = new ArrayList<>();
        for (int c0 = 0, c1; c0 < columns.count(); c0 = c1) {
            c1 = endOfClass(columns, c0);
            for (int r0 = 0, r1; r0 < rows.count(); r0 = r1) {
                r1 = endOfClass(rows, r0);
                boolean alongRows = r1 - r0 >= c1 - c0;
                int lines = alongRows ? c1 - c0 : r1 - r0;
                for (int line = 0; line < lines; line++) {
                    int c = alongRows ? c0 + line : c0;
                    int r = alongRows ? r0 : r0 + line;
                    runs.add(new Run(
                            (columns.start() + c * columns.step()) * targetHeight + rows.start() + r * rows.step(),
                            alongRows ? rows.step() : columns.step() * targetHeight,
                            (columns.origin() + c * columns.sourceStep()) * sourceHeight
                                    + rows.origin()
                                    + r * rows.sourceStep(),
                            alongRows ? rows.sourceStep() : columns.sourceStep() * sourceHeight,
                            alongRows ? r1 - r0 : c1 - c0,
                            columns.first(c),
                            columns.end(c),
                            rows.first(r),
                            rows.end(r)));
                }
            }
        }
        return List.copyOf(runs);
    }

    private static int endOfClass(Axis axis, int from) {
        int to = from + 1;
        while (to < axis.count() && axis.first(to) == axis.first(from) && axis.end(to) == axis.end(from)) {
            to++;
        }
        return to;
    }

    /** Offset in pixels from tap (0, 0) of a window to another tap. */
    int tapOffset(int columnTap, int rowTap) {
        return columnTap * sourceHeight + rowTap;
    }

    /** Kernel column of the convolution at a tap of this gather. */
    int kernelColumn(int columnTap) {
        return firstColumnTap + columnTap * columnTapStep;
    }

    /** Kernel row of the convolution at a tap of this gather. */
    int kernelRow(int rowTap) {
        return firstRowTap + rowTap * rowTapStep;
    }

    /** Source pixels from one row to the next of a window of {@code pixels} neighbours, for the footprint in L1. */
    int windowRows(int pixels) {
        int step = runs.stream().mapToInt(r -> Math.abs(r.sourceStep())).min().orElse(1);
        return Math.min(sourceHeight, (pixels - 1) * Math.min(step, 2) + rowTaps);
    }
}
