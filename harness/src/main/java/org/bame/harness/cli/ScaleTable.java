package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bame.harness.measure.ScaleMeasurement;
import org.bame.harness.measure.ScalePoint;

/** Shows what a scale study found. */
final class ScaleTable {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MIB = 1 << 20;

    private static final Comparator<ScalePoint> BY_SIZE = Comparator.comparingInt(ScalePoint::width)
            .thenComparingInt(ScalePoint::batch)
            .thenComparingInt(ScalePoint::threads)
            .thenComparing(point -> -point.pattern().density());

    private ScaleTable() {}

    static void print(List<ScaleMeasurement> measured, PrintWriter out) {
        TextTable table = new TextTable(
                1,
                List.of("pattern", "batch", "width", "threads", "median ms", "p10", "p90", "images/s", "over dense",
                        "peak MiB"));
        List<ScaleMeasurement> sorted = measured.stream()
                .sorted(Comparator.comparing(ScaleMeasurement::point, BY_SIZE))
                .toList();
        for (ScaleMeasurement one : sorted) {
            Optional<ScaleMeasurement> dense = measured.stream()
                    .filter(other -> other.point().equals(one.point().dense()))
                    .findFirst();
            double median = one.figures().spread().medianNanos();
            table.add(List.of(
                    one.point().patternName(),
                    String.valueOf(one.point().batch()),
                    "x" + one.point().width(),
                    String.valueOf(one.point().threads()),
                    Text.fixed(median / NANOS_PER_MILLI, 2),
                    Text.fixed(one.figures().spread().p10Nanos() / NANOS_PER_MILLI, 2),
                    Text.fixed(one.figures().spread().p90Nanos() / NANOS_PER_MILLI, 2),
                    Text.fixed(one.imagesPerSecond(), 0),
                    Text.times(dense.map(other -> other.figures().spread().medianNanos() / median).orElse(Double.NaN)),
                    Text.fixed(one.figures().peakMemoryBytes() / MIB, 0)));
        }
        table.print(out);
    }
}
