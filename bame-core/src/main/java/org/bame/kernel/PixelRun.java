package org.bame.kernel;

import java.util.ArrayList;
import java.util.List;
import org.bame.kernel.Correlation.Axis;

/**
 * Target pixels on a straight line whose windows have the same taps inside the source. A depthwise product reads its source
 * where it lies, with no {@link PackedWindow} to put zeros around it: windows at the border are cut to the taps inside. These
 * are an interval in each direction, so the pixels with the same two intervals are a rectangle, which is cut into lines along
 * its longer side.
 *
 * @param target offset of the first pixel in pixels of the target
 * @param targetStep from a pixel to the next
 * @param source offset in pixels of the source of tap (0, 0) of the first pixel's window, which may lie outside
 * @param sourceStep from a window to the next
 * @param pixels number of pixels
 * @param firstAcross first across tap inside
 * @param endAcross the across tap after the last inside
 * @param firstAlong first along tap inside
 * @param endAlong the along tap after the last inside
 */
record PixelRun(
        int target,
        int targetStep,
        int source,
        int sourceStep,
        int pixels,
        int firstAcross,
        int endAcross,
        int firstAlong,
        int endAlong) {
    /** The runs that hold each target pixel of a gather once. */
    static List<PixelRun> of(Correlation gather) {
        Axis across = gather.across();
        Axis along = gather.along();
        List<PixelRun> runs = new ArrayList<>();
        for (int line = 0, endLine; line < across.pixels(); line = endLine) {
            endLine = endOfClass(across, line);
            for (int pixel = 0, endPixel; pixel < along.pixels(); pixel = endPixel) {
                endPixel = endOfClass(along, pixel);
                if (endPixel - pixel >= endLine - line) {
                    for (int i = line; i < endLine; i++) {
                        runs.add(of(gather, i, pixel, along, endPixel - pixel));
                    }
                } else {
                    for (int i = pixel; i < endPixel; i++) {
                        runs.add(of(gather, line, i, across, endLine - line));
                    }
                }
            }
        }
        return List.copyOf(runs);
    }

    private static PixelRun of(Correlation gather, int line, int pixel, Axis direction, int pixels) {
        Axis across = gather.across();
        Axis along = gather.along();
        return new PixelRun(
                gather.targetPixel(line, pixel),
                direction.targetStep(),
                (across.origin() + line * across.sourceStep()) * across.sourcePixels()
                        + (along.origin() + pixel * along.sourceStep()) * along.sourcePixels(),
                direction.sourceStep() * direction.sourcePixels(),
                pixels,
                firstTap(across, line),
                endTap(across, line),
                firstTap(along, pixel),
                endTap(along, pixel));
    }

    /** The pixel after the last that, like all from {@code from} on, has the same taps inside. */
    private static int endOfClass(Axis axis, int from) {
        int to = from + 1;
        while (to < axis.pixels()
                && firstTap(axis, to) == firstTap(axis, from)
                && endTap(axis, to) == endTap(axis, from)) {
            to++;
        }
        return to;
    }

    private static int firstTap(Axis axis, int pixel) {
        return Math.clamp(-(axis.origin() + (long) pixel * axis.sourceStep()), 0, axis.taps());
    }

    private static int endTap(Axis axis, int pixel) {
        return Math.clamp(axis.sourceSize() - (axis.origin() + (long) pixel * axis.sourceStep()), 0, axis.taps());
    }

    /** Number of taps inside. */
    int taps() {
        return Math.max(0, endAcross - firstAcross) * Math.max(0, endAlong - firstAlong);
    }
}
