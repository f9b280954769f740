package org.bame.kernel;

/**
 * Copies the weights into lists, which every product does anew, since a step changes them. Layers of a million weights spent a
 * tenth of a product on it, in a trial, when one thread did it.
 */
final class WeightLoad implements WorkerPool.Task {
    /** Fewer weights are copied sooner than helpers take notice. */
    private static final int FEWEST_WEIGHTS = 16_384;

    private static final int TASKS_PER_THREAD = 4;

    private final TapLists lists;
    private final WorkerPool pool;
    private long weights;
    private int tasks;

    WeightLoad(TapLists lists, WorkerPool pool) {
        this.lists = lists;
        this.pool = pool;
    }

    void run(Storage from) {
        weights = from.address();
        boolean few = lists.entries() * lists.rowsPerList() < FEWEST_WEIGHTS;
        tasks = few ? 1 : Math.min(lists.all(), TASKS_PER_THREAD * pool.threads());
        pool.run(tasks, this);
    }

    @Override
    public void run(int task, int worker) {
        int all = lists.all();
        lists.load(weights, (int) ((long) all * task / tasks), (int) ((long) all * (task + 1) / tasks));
    }
}
