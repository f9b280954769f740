package org.bame.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bame.harness.report.plot.XyPlot.Point;
import org.bame.harness.report.plot.XyPlot.Role;
import org.bame.harness.report.plot.XyPlot.Series;

/**
 * Methods to be shown in one figure: at most eight, for nobody tells more colours apart. What is dense is in each figure, and
 * the methods of the other figures stay in sight.
 *
 * @param shown in colour
 * @param others as faint points
 */
record MethodPanels(List<RunGroup> shown, List<RunGroup> others) {

    private static final int MOST = 8;

    /** Deals the methods of a workload out, in their order. */
    static List<MethodPanels> of(List<RunGroup> groups) {
        List<RunGroup> dense = groups.stream().filter(RunGroup::isDense).limit(1).toList();
        List<RunGroup> compared =
                groups.stream().filter(group -> !dense.contains(group)).toList();
        int parts = Math.max(1, Math.ceilDiv(compared.size(), MOST - dense.size()));
        List<MethodPanels> panels = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            List<RunGroup> shown = new ArrayList<>(dense);
            shown.addAll(compared.subList(i * compared.size() / parts, (i + 1) * compared.size() / parts));
            panels.add(new MethodPanels(
                    shown, groups.stream().filter(group -> !shown.contains(group)).toList()));
        }
        return panels;
    }

    /** One point a method, and one faint series of all others'. */
    List<Series> points(Function<RunGroup, Point> point) {
        List<Series> series = new ArrayList<>();
        List<Point> context = others.stream().map(point).filter(MethodPanels::isKnown).toList();
        if (!context.isEmpty()) {
            series.add(new Series("others", Role.CONTEXT, false, context.stream()
                    .map(one -> new Point(one.x(), one.y()))
                    .toList()));
        }
        series.addAll(lines(group -> List.of(point.apply(group))));
        return series;
    }

    /** One line a method; those without points are left out. */
    List<Series> lines(Function<RunGroup, List<Point>> points) {
        List<Series> series = new ArrayList<>();
        for (RunGroup group : shown) {
            List<Point> known = points.apply(group).stream().filter(MethodPanels::isKnown).toList();
            if (!known.isEmpty()) {
                series.add(new Series(
                        group.name(), group.isDense() ? Role.REFERENCE : Role.COMPARED, known.size() > 1, known));
            }
        }
        return series;
    }

    private static boolean isKnown(Point point) {
        return !Double.isNaN(point.x()) && !Double.isNaN(point.y());
    }
}
