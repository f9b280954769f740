package org.bame.harness.report;

import java.util.ArrayList;
import java.util.List;
import org.bame.harness.report.plot.BarPlot;
import org.bame.harness.report.plot.BarPlot.Layout;

/** Where the seconds of whole runs went. */
final class TrainingTimeSection implements Section {

    private static final List<String> CLOCKS = List.of(
            "forward",
            "input_gradient",
            "weight_gradient",
            "element_wise",
            "mask_work",
            "optimizer",
            "framework",
            "data_wait");

    @Override
    public String id() {
        return "training-time";
    }

    @Override
    public String title() {
        return "Where training time went";
    }

    @Override
    public String introduction() {
        return "Every second of training belongs to one clock; evaluation, loss probes and logging are not training.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        List<Block> blocks = new ArrayList<>();
        RunGroup.byWorkload(data.finishedRuns()).forEach((workload, groups) -> {
            BarPlot plot = new BarPlot(
                    "Training seconds by clock",
                    "seconds",
                    Layout.STACKED,
                    groups.stream().map(RunGroup::name).toList(),
                    CLOCKS.stream()
                            .map(clock -> new BarPlot.Series(
                                    clock.replace('_', ' '),
                                    groups.stream()
                                            .map(group -> group.mean(clock + "_seconds", 1))
                                            .toList()))
                            .toList());
            blocks.add(new Block.Heading(workload));
            blocks.add(new Block.Figure(List.of(plot), Provenance.ofMeans(data, groups), List.of(Table.of(plot))));
        });
        return blocks;
    }
}
