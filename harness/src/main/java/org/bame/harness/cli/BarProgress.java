package org.bame.harness.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.bame.harness.results.RunRow;
import org.bame.harness.sweep.RunSpec;

/** Progress on a terminal: one line that is drawn again and again, above it what is worth keeping. */
final class BarProgress extends LineProgress implements AutoCloseable {

    private static final int UPDATE_MILLIS = 500;
    private static final int WIDTH = 118;
    /** The smoothed loss follows the last few dozen steps. */
    private static final double SMOOTHING = 0.05;

    private final PrintWriter err;
    private ProgressBar bar;
    private double loss;

    BarProgress(PrintWriter err) {
        super(err);
        this.err = err;
    }

    @Override
    public void started(RunSpec run, int number, int runs, long epochsBehind, long totalSteps, long firstStep) {
        super.started(run, number, runs, epochsBehind, totalSteps, firstStep);
        loss = Double.NaN;
        bar = new ProgressBarBuilder()
                .setTaskName(title())
                .setInitialMax(totalSteps * run.workload().recipe().batch())
                .setUnit(" images", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .startsFrom(firstStep * run.workload().recipe().batch(), Duration.ZERO)
                .hideEta()
                .setConsumer(new Line())
                .build();
    }

    @Override
    public void stepped(RunSpec run, long stepsDone, double stepLoss) {
        super.stepped(run, stepsDone, stepLoss);
        loss = Double.isNaN(loss) ? stepLoss : loss + SMOOTHING * (stepLoss - loss);
        int batch = run.workload().recipe().batch();
        bar.setExtraMessage(String.format(
                Locale.ROOT,
                " %s images/s, loss %.3f, run %s left, sweep %s left",
                Text.fixed(imagesPerSecond(run), 0),
                loss,
                Text.duration(timeLeft().runSeconds()),
                Text.duration(timeLeft().sweepSeconds())));
        bar.stepTo(stepsDone * batch);
    }

    @Override
    public void ended(RunSpec run, RunRow row) {
        close();
        super.ended(run, row);
    }

    @Override
    public void failed(RunSpec run, Exception failure) {
        close();
        super.failed(run, failure);
    }

    @Override
    void line(String text) {
        synchronized (err) {
            // Over what is left of the bar, which is drawn again below.
            super.line("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    /** Draws the bar on the current line. */
    private final class Line implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public void accept(String text) {
            synchronized (err) {
                err.print("\r" + text);
                err.flush();
            }
        }

        @Override
        public void close() {
            synchronized (err) {
                err.println();
                err.flush();
            }
        }
    }
}
