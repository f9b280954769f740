package org.bame.baselines.maxq;

/**
 * Hoare's selection: order statistics without sorting. It runs over every layer's weights twice a step, so it compares by
 * arithmetic: branches on random data are mispredicted half of the time.
 */
final class OrderStatistic {
    private OrderStatistic() {}

    /**
     * Puts the element that sorting would put at {@code rank} there, smaller ones or equals before it, larger ones or equals
     * after it. Takes time linear in {@code count} on average, and is deterministic.
     *
     * @param values the first {@code count} of which are reordered; none may be negative. The bits of floating-point numbers
     *     of at least 0 are such integers, in the numbers' order
     * @return the element
     */
    static int select(int[] values, int count, int rank) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int pivot = median(values[low], values[low + high >>> 1], values[high]);
            int middle = partition(values, low, high, pivot);
            if (rank < middle) {
                high = middle - 1;
            } else if (middle > low) {
                low = middle;
            } else {
                // Nothing is below the pivot: set aside all that equal it, or ties would cost quadratic time.
                low = partition(values, low, high, pivot + 1);
                if (rank < low) {
                    break;
                }
            }
        }
        return values[rank];
    }

    /** Moves elements below the bound to the front of {@code [low, high]}; the end of that part. */
    private static int partition(int[] values, int low, int high, int bound) {
        int end = low;
        for (int i = low; i <= high; i++) {
            int value = values[i];
            values[i] = values[end];
            values[end] = value;
            end += value - bound >>> 31;
        }
        return end;
    }

    private static int median(int a, int b, int c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
