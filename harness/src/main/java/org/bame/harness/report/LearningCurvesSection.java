package org.bame.harness.report;

import java.util.ArrayList;
import java.util.List;
import org.bame.harness.report.plot.XyPlot;

/** Accuracy and loss epoch by epoch. */
final class LearningCurvesSection implements Section {

    private static final double PERCENT = 100;

    @Override
    public String id() {
        return "learning-curves";
    }

    @Override
    public String title() {
        return "Learning curves";
    }

    @Override
    public String introduction() {
        return "Test accuracy behind each epoch, and the mean training loss of its steps; runs that have not ended are shown,"
                + " too.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        List<Block> blocks = new ArrayList<>();
        RunGroup.byWorkload(data.epochs()).forEach((workload, groups) -> {
            blocks.add(new Block.Heading(workload));
            for (MethodPanels panels : MethodPanels.of(groups)) {
                XyPlot accuracy = plot(panels, "Accuracy", "top-1, %", "test_top1", PERCENT);
                XyPlot loss = plot(panels, "Training loss", "loss", "train_loss", 1);
                blocks.add(new Block.Figure(
                        List.of(accuracy, loss),
                        Provenance.ofMeans(data, panels.shown()),
                        List.of(Table.of(accuracy), Table.of(loss))));
            }
        });
        return blocks;
    }

    private static XyPlot plot(MethodPanels panels, String title, String label, String column, double factor) {
        return new XyPlot(
                title, "epoch", label, false, panels.lines(group -> group.curve("epoch", column, factor)));
    }
}
