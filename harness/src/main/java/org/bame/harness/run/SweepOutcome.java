package org.bame.harness.run;

/**
 * How a sweep ended.
 *
 * @param ended runs trained to their end by this process
 * @param skipped runs found in the results
 * @param diverged runs whose loss became infinite or no number, those found in the results included
 * @param failed runs that an error ended, those found in the results included
 * @param refused runs whose checkpoint or files in the results folder cannot be used
 * @param elsewhere runs without results yet, because another process is training them
 */
public record SweepOutcome(int ended, int skipped, int diverged, int failed, int refused, int elsewhere) {

    /** Whether every run asked for is in the results, at its end. */
    public boolean isComplete() {
        return diverged + failed + refused + elsewhere == 0;
    }
}
