package org.bame.kernel;

import java.util.List;

/**
 * How a gather is cut into tasks: blocks of images x stretches of runs x, where that is too few for the threads, ranges of
 * rows. The cut never changes a result: each target number is computed whole within one task, and always in the same order.
 */
final class GatherTasks {
    private static final int TASKS_PER_THREAD = 8;
    private static final int FEWEST_ROWS = 16;

    private final int blocks;
    private final int[] stretchStarts;
    private final int rowRanges;
    private final int rowsPerRange;
    private final int rows;

    GatherTasks(Correlation gather, BatchLayout batch, int threads) {
        blocks = batch.blocks();
        rows = gather.rows();
        int wanted = threads == 1 ? 1 : threads * TASKS_PER_THREAD;
        int stretches = Math.min(gather.runs().size(), (wanted + blocks - 1) / blocks);
        stretchStarts = stretches(gather.runs(), Math.max(1, stretches));
        int missing = (wanted + blocks * (stretchStarts.length - 1) - 1) / (blocks * (stretchStarts.length - 1));
        int ranges = Math.max(1, Math.min(missing, rows / FEWEST_ROWS));
        rowsPerRange = roundUp((rows + ranges - 1) / ranges, DensePanels.ROWS);
        rowRanges = (rows + rowsPerRange - 1) / rowsPerRange;
    }

    /** Cuts the runs into stretches of about equal work; a run's work is its taps (at least one, for the stores). */
    private static int[] stretches(List<Correlation.Run> runs, int wanted) {
        long total = 0;
        for (Correlation.Run run : runs) {
            total += work(run);
        }
        int[] starts = new int[wanted + 1];
        long done = 0;
        int next = 1;
        for (int i = 0; i < runs.size(); i++) {
            while (next < wanted && done * wanted >= total * next) {
                starts[next++] = i;
            }
            done += work(runs.get(i));
        }
        while (next <= wanted) {
            starts[next++] = runs.size();
        }
        return starts;
    }

    private static long work(Correlation.Run run) {
        return (long) run.pixels() * (1 + run.taps());
    }

    private static int roundUp(int value, int unit) {
        return (value + unit - 1) / unit * unit;
    }

    int count() {
        return blocks * (stretchStarts.length - 1) * rowRanges;
    }

    int block(int task) {
        return task % blocks;
    }

    private int stretch(int task) {
        return task / blocks / rowRanges;
    }

    int firstRun(int task) {
        return stretchStarts[stretch(task)];
    }

    int endRun(int task) {
        return stretchStarts[stretch(task) + 1];
    }

    int firstRow(int task) {
        return task / blocks % rowRanges * rowsPerRange;
    }

    int endRow(int task) {
        return Math.min(rows, firstRow(task) + rowsPerRange);
    }
}
