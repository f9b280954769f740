package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.VECTOR_BYTES;

/**
 * Sums of each channel over the rows of a tensor (a row is one pixel of one block) and its images. Rows are cut into
 * tasks that sum lane by lane in single precision; their sums are combined in double precision in one order. The cut
 * depends on the shape alone, so results have the same bits whatever the number of threads.
 */
final class ChannelSums {
    /** Rows are cut into about so many tasks, each of at most so many rows: what single precision sums well. */
    private static final int TASKS = 64;
    private static final int MOST_ROWS = 64;

    private final int rows;
    private final int rowsPerTask;
    private final int tasks;
    private final int numbers;
    /** Of each worker, one vector a number. */
    private final Storage laneSums;
    /** {@code [task][number]}. */
    private final double[] sums;

    /**
     * Sums of a tensor.
     *
     * @param workers threads that sum
     * @param numbers sums wanted: one or more of each channel
     */
    ChannelSums(int workers, FeatureShape shape, BatchLayout batch, int numbers) {
        this.numbers = numbers;
        rows = Math.multiplyExact(batch.blocks(), shape.pixels());
        rowsPerTask = Math.clamp(rows / TASKS, 1, MOST_ROWS);
        tasks = (rows + rowsPerTask - 1) / rowsPerTask;
        laneSums = Storage.allocate(ElementType.FLOAT, (long) workers * numbers * LANES);
        sums = new double[Math.multiplyExact(tasks, numbers)];
    }

    int tasks() {
        return tasks;
    }

    int firstRow(int task) {
        return task * rowsPerTask;
    }

    int endRow(int task) {
        return Math.min(rows, (task + 1) * rowsPerTask);
    }

    /** Address of a worker's vectors, one a number, all 0. */
    long open(int worker) {
        Native.clear(vectors(worker), (long) numbers * VECTOR_BYTES);
        return vectors(worker);
    }

    /** Keeps what a worker summed in a task. */
    void keep(int task, int worker) {
        for (int number = 0; number < numbers; number++) {
            long at = vectors(worker) + (long) number * VECTOR_BYTES;
            double sum = 0;
            for (int lane = 0; lane < LANES; lane++) {
                sum += MEMORY.get(JAVA_FLOAT_UNALIGNED, at + 4L * lane);
            }
            sums[task * numbers + number] = sum;
        }
    }

    /** Sum of a number over all tasks. */
    double total(int number) {
        double total = 0;
        for (int i = number; i < sums.length; i += numbers) {
            total += sums[i];
        }
        return total;
    }

    private long vectors(int worker) {
        return laneSums.address() + (long) worker * numbers * VECTOR_BYTES;
    }
}
