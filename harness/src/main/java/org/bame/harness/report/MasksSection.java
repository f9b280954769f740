package org.bame.harness.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.bame.harness.report.plot.Plot;
import org.bame.harness.report.plot.XyPlot;
import org.bame.harness.report.plot.XyPlot.Point;
import org.bame.harness.results.RecordedRow;

/** How masks move: epoch by epoch, and adaptation by adaptation. */
final class MasksSection implements Section {

    @Override
    public String id() {
        return "masks";
    }

    @Override
    public String title() {
        return "Mask dynamics";
    }

    @Override
    public String introduction() {
        return "Flip rate: share of the sparse layers' weights whose mask bit changes at an update. Frozen: share of the blocks"
                + " that no longer change. Ever active: share of the weights that the mask has kept at any time. Swaps are"
                + " summed over the layers, shares are means over them.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        Map<String, List<Block>> byWorkload = new LinkedHashMap<>();
        RunGroup.byWorkload(data.epochs()).forEach((workload, groups) -> MethodPanels.of(moving(groups)).forEach(
                panels -> add(byWorkload, workload, figure(data, panels, epochs(panels)))));
        RunGroup.byWorkload(data.masks()).forEach((workload, groups) -> MethodPanels.of(groups).forEach(
                panels -> add(byWorkload, workload, figure(data, panels, adaptations(panels)))));
        List<Block> blocks = new ArrayList<>();
        byWorkload.forEach((workload, figures) -> {
            blocks.add(new Block.Heading(workload));
            blocks.addAll(figures);
        });
        return blocks;
    }

    private static void add(Map<String, List<Block>> byWorkload, String workload, Block.Figure figure) {
        if (!figure.plots().isEmpty()) {
            byWorkload.computeIfAbsent(workload, w -> new ArrayList<>()).add(figure);
        }
    }

    /** The methods whose masks changed or froze at any time: dense ones have none. */
    private static List<RunGroup> moving(List<RunGroup> groups) {
        return groups.stream()
                .filter(group -> group.rows().stream()
                        .anyMatch(row -> row.number("flip_rate") > 0 || row.number("frozen_share") > 0))
                .toList();
    }

    private static Block.Figure figure(ReportData data, MethodPanels panels, List<XyPlot> plots) {
        List<XyPlot> drawn = plots.stream().filter(plot -> !plot.series().isEmpty()).toList();
        return new Block.Figure(
                List.<Plot>copyOf(drawn),
                Provenance.ofMeans(data, panels.shown()),
                drawn.stream().map(Table::of).toList());
    }

    private static List<XyPlot> epochs(MethodPanels panels) {
        return List.of(
                new XyPlot("Flip rate", "epoch", "share of the weights", true, panels.lines(
                        group -> group.curve("epoch", "flip_rate", 1))),
                new XyPlot("Frozen", "epoch", "share of the blocks", true, panels.lines(
                        group -> group.curve("epoch", "frozen_share", 1))));
    }

    private static List<XyPlot> adaptations(MethodPanels panels) {
        return List.of(
                new XyPlot("Swaps of an adaptation", "step", "weights revived", true, panels.lines(
                        group -> sums(group, "swaps"))),
                new XyPlot("Reversals of an adaptation", "step", "weights revived again", true, panels.lines(
                        group -> sums(group, "reversals"))),
                new XyPlot("Ever active", "step", "share of the weights", true, panels.lines(
                        group -> group.curve("step", "ever_active_share", 1))),
                new XyPlot("Predicted change of the loss", "step", "sum over the layers", false, panels.lines(
                        group -> sums(measured(group), "predicted_loss_change"))),
                new XyPlot("Measured change of the loss", "step", "sum over the layers", false, panels.lines(
                        group -> sums(measured(group), "measured_loss_change"))));
    }

    /** Adaptations whose effect was measured, so that what was predicted of them compares. */
    private static RunGroup measured(RunGroup group) {
        return new RunGroup(group.workload(), group.method(), group.pattern(), group.rows().stream()
                .filter(row -> !Double.isNaN(row.number("measured_loss_change")))
                .toList());
    }

    /** Sums over the layers at each step, means over the runs. */
    private static List<Point> sums(RunGroup group, String column) {
        Map<Double, Map<String, Double>> sums = new TreeMap<>();
        for (RecordedRow row : group.rows()) {
            sums.computeIfAbsent(row.number("step"), step -> new LinkedHashMap<>())
                    .merge(row.text("run_id"), row.number(column), Double::sum);
        }
        List<Point> points = new ArrayList<>();
        sums.forEach((step, runs) -> points.add(new Point(
                step,
                runs.values().stream().flatMapToDouble(DoubleStream::of).average().orElse(Double.NaN))));
        return points;
    }
}
