package org.bame.harness.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.bame.harness.measure.ScaleAxis;
import org.bame.harness.measure.ScaleMeasurement;
import org.bame.harness.measure.ScalePoint;
import org.bame.harness.report.plot.Svg;
import org.bame.harness.report.plot.XyPlot;
import org.bame.harness.report.plot.XyPlot.Point;
import org.bame.harness.report.plot.XyPlot.Role;

/** The plots of a scale study: time and memory of a step along every axis that was varied. */
public final class ScalePlots {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MIB = 1 << 20;

    private ScalePlots() {}

    /**
     * Writes {@code scale-NETWORK-AXIS-time.svg} and {@code -memory.svg}.
     *
     * @param network name of the base network
     * @param base point that all axes go through
     * @return the files, in the order of the axes
     */
    public static List<Path> write(String network, ScalePoint base, List<ScaleMeasurement> measured, Path folder)
            throws IOException {
        List<Path> files = new ArrayList<>();
        for (ScaleAxis axis : ScaleAxis.values()) {
            Map<String, List<ScaleMeasurement>> lines = lines(axis, base, measured);
            if (lines.values().stream().noneMatch(line -> line.size() > 1)) {
                continue;
            }
            String name = axis.name().toLowerCase(Locale.ROOT);
            String title = network + ", " + fixed(axis, base);
            Path time = folder.resolve("scale-" + network + "-" + name + "-time.svg");
            Svg.write(
                    plot(title, axis, "training step, ms (median)", lines, one -> one.figures().spread().medianNanos()
                            / NANOS_PER_MILLI),
                    time);
            Path memory = folder.resolve("scale-" + network + "-" + name + "-memory.svg");
            Svg.write(
                    plot(title, axis, "peak memory of the process, MiB", lines, one -> one.figures().peakMemoryBytes()
                            / MIB),
                    memory);
            files.addAll(List.of(time, memory));
        }
        return files;
    }

    /** Points on the axis through the base point and, but for the density axis, on that through its dense twin. */
    private static Map<String, List<ScaleMeasurement>> lines(
            ScaleAxis axis, ScalePoint base, List<ScaleMeasurement> measured) {
        Map<String, List<ScaleMeasurement>> lines = new LinkedHashMap<>();
        for (ScalePoint origin : axis == ScaleAxis.DENSITY ? List.of(base) : List.of(base.dense(), base)) {
            List<ScaleMeasurement> line = measured.stream()
                    .filter(one -> axis.joins(one.point(), origin))
                    .sorted(Comparator.comparingDouble(one -> axis.at(one.point())))
                    .toList();
            lines.putIfAbsent(axis == ScaleAxis.DENSITY ? "all densities" : origin.patternName(), line);
        }
        return lines;
    }

    private static XyPlot plot(
            String title,
            ScaleAxis axis,
            String yLabel,
            Map<String, List<ScaleMeasurement>> lines,
            ToDoubleFunction<ScaleMeasurement> value) {
        List<XyPlot.Series> series = new ArrayList<>();
        lines.forEach((name, line) -> series.add(new XyPlot.Series(
                name,
                Role.COMPARED,
                true,
                line.stream()
                        .map(one -> new Point(axis.at(one.point()), value.applyAsDouble(one)))
                        .toList())));
        return new XyPlot(title, label(axis), yLabel, true, series);
    }

    private static String label(ScaleAxis axis) {
        return switch (axis) {
            case BATCH -> "batch, images";
            case WIDTH -> "width, times the channels";
            case THREADS -> "threads";
            case DENSITY -> "density, kept share of the weights";
        };
    }

    /** What stays the same along the axis. */
    private static String fixed(ScaleAxis axis, ScalePoint base) {
        List<String> parts = new ArrayList<>();
        if (axis != ScaleAxis.BATCH) {
            parts.add("batch " + base.batch());
        }
        if (axis != ScaleAxis.WIDTH) {
            parts.add("width x" + base.width());
        }
        if (axis != ScaleAxis.THREADS) {
            parts.add(base.threads() + (base.threads() == 1 ? " thread" : " threads"));
        }
        return String.join(", ", parts);
    }
}
