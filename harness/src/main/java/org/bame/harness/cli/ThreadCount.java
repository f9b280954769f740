package org.bame.harness.cli;

import org.bame.harness.config.Problems;

/**
 * How many threads a user may ask for: some more than there are processors, to see what that costs, and not so many that their
 * making, waking and waiting for each other never ends.
 */
final class ThreadCount {

    private static final int MOST_PER_PROCESSOR = 4;

    private ThreadCount() {}

    /** Notes a number that is out of range. */
    static void check(String option, int threads, Problems problems) {
        int processors = Runtime.getRuntime().availableProcessors();
        int most = MOST_PER_PROCESSOR * processors;
        if (threads < 1 || threads > most) {
            problems.add(
                    option,
                    String.valueOf(threads),
                    "1 to " + most + ", " + MOST_PER_PROCESSOR + " a processor (" + processors + " here)",
                    "Left out, it is one a processor.");
        }
    }
}
