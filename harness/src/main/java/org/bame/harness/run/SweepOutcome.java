package org.bame.harness.run;

/**
 * How a sweep ended.
 *
 * @param ended runs trained to their end by this process
 * @param skipped runs found finished, or taken by another process
 * @param diverged runs whose loss became infinite or no number, those found in the results included
 * @param failed runs that an error ended
 */
public record SweepOutcome(int ended, int skipped, int diverged, int failed) {}
