package org.bame.harness.run;

import org.bame.harness.results.EpochRow;
import org.bame.harness.results.RunRow;
import org.bame.harness.sweep.RunSpec;

/** Watches a sweep; the command line shows what it sees. Called on the training thread. */
public interface RunObserver {

    /**
     * A run begins.
     *
     * @param number of the run in its sweep, from 1
     * @param runs in the sweep
     * @param epochsBehind of the runs that the sweep trains behind this one
     * @param totalSteps of the run
     * @param firstStep where it goes on; 0 for a new one
     */
    void started(RunSpec run, int number, int runs, long epochsBehind, long totalSteps, long firstStep);

    /**
     * A training step was taken.
     *
     * @param stepsDone of the run
     * @param loss of the step's batch
     */
    void stepped(RunSpec run, long stepsDone, double loss);

    /** An epoch was trained and evaluated. */
    void epochEnded(RunSpec run, EpochRow row, TestResult result);

    /** A run ended, at its end or because it diverged. */
    void ended(RunSpec run, RunRow row);

    /** A run is left out. */
    void skipped(RunSpec run, String reason);

    /** A run failed, or was refused for what the results folder has of it; the sweep goes on. */
    void failed(RunSpec run, Exception failure);
}
