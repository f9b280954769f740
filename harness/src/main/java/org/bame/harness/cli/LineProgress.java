package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.bame.harness.results.EpochRow;
import org.bame.harness.results.ResultsException;
import org.bame.harness.results.RunRow;
import org.bame.harness.run.MemoryException;
import org.bame.harness.run.RunObserver;
import org.bame.harness.run.TestResult;
import org.bame.harness.sweep.RunSpec;
import org.bame.layer.InvariantException;

/** Progress as plain lines, one an epoch: for files, pipes and build servers. */
class LineProgress implements RunObserver {

    private final PrintWriter err;
    private final TimeLeft timeLeft = new TimeLeft(System::nanoTime);
    private String title = "";
    private double imagesPerSecond = Double.NaN;

    LineProgress(PrintWriter err) {
        this.err = err;
    }

    /** Where the current run stands in its sweep, and its name. */
    final String title() {
        return title;
    }

    final TimeLeft timeLeft() {
        return timeLeft;
    }

    /**
     * Images per second of training time, as in the table at the end; before the first epoch's end, when no row tells
     * it, by the clock on the wall.
     */
    final double imagesPerSecond(RunSpec run) {
        return Double.isNaN(imagesPerSecond)
                ? timeLeft.stepsPerSecond() * run.workload().recipe().batch()
                : imagesPerSecond;
    }

    /** Writes a line of its own. */
    void line(String text) {
        err.println(text);
        err.flush();
    }

    @Override
    public void started(RunSpec run, int number, int runs, long epochsBehind, long totalSteps, long firstStep) {
        title = "[" + number + "/" + runs + "] " + run.method().label() + " " + run.patternColumn() + " seed " + run
                .seed();
        imagesPerSecond = Double.NaN;
        timeLeft.start(firstStep, totalSteps, epochsBehind * (totalSteps / run.epochs()));
        line(title + " on " + run.workload().name()
                + (firstStep > 0 ? ", going on at step " + firstStep + " of " + totalSteps : ", " + totalSteps
                        + " steps"));
    }

    @Override
    public void stepped(RunSpec run, long stepsDone, double loss) {
        timeLeft.update(stepsDone);
    }

    @Override
    public void epochEnded(RunSpec run, EpochRow row, TestResult result) {
        double images = timeLeft.stepsDone() * run.workload().recipe().batch();
        imagesPerSecond = row.trainSeconds() > 0 ? images / row.trainSeconds() : Double.NaN;
        line(String.format(
                Locale.ROOT,
                "%s epoch %d/%d: loss %.4f, test loss %.4f (%.3f bits), test top-1 %s, %s images/s,"
                        + " run %s left, sweep about %s left",
                title,
                row.epoch(),
                run.epochs(),
                row.trainLoss(),
                result.loss(),
                result.bits(),
                Text.percent(row.testTop1()),
                Text.fixed(imagesPerSecond(run), 0),
                Text.duration(timeLeft.runSeconds()),
                Text.duration(timeLeft.sweepSeconds())));
    }

    @Override
    public void ended(RunSpec run, RunRow row) {
        line(switch (row.status()) {
            case FINISHED -> title + " done: top-1 " + Text.percent(row.finalTop1()) + " after "
                    + Text.duration(row.clocks().training()) + " of training";
            case DIVERGED -> title + " diverged in epoch " + row.epochs() + ": the loss became infinite or no number";
            case FAILED -> title + " ended in epoch " + row.epochs() + ": what ran is not what was promised";
        });
    }

    @Override
    public void skipped(RunSpec run, String reason) {
        line("skipped " + run.runId() + ": " + reason);
    }

    @Override
    public void failed(RunSpec run, Exception failure) {
        // What these say, users can act on; of any other failure its class may be the only clue.
        boolean tellsAll = failure instanceof ResultsException
                || failure instanceof InvariantException
                || failure instanceof MemoryException;
        line("FAILED " + run.runId() + ": " + (tellsAll ? failure.getMessage() : failure));
    }
}
