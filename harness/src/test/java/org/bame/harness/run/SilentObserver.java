package org.bame.harness.run;

import org.bame.harness.results.EpochRow;
import org.bame.harness.results.RunRow;
import org.bame.harness.sweep.RunSpec;

/** Shows nothing; tests override what they want to see. */
class SilentObserver implements RunObserver {

    @Override
    public void started(RunSpec run, int number, int runs, long epochsBehind, long totalSteps, long firstStep) {}

    @Override
    public void stepped(RunSpec run, long stepsDone, double loss) {}

    @Override
    public void epochEnded(RunSpec run, EpochRow row, TestResult result) {}

    @Override
    public void ended(RunSpec run, RunRow row) {}

    @Override
    public void skipped(RunSpec run, String reason) {}

    @Override
    public void failed(RunSpec run, Exception failure) {}
}
