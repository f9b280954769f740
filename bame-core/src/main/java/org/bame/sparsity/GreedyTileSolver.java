package org.bame.sparsity;

import java.util.Arrays;

/**
 * Visits a tile's weights by falling magnitude (of equal ones the lower index first) and keeps each whose row and column keep
 * fewer than N so far (code of the dynamic training of Hubara et al., NeurIPS 2021, arXiv 2102.08124). The magnitude kept
 * then is at least half of the largest possible, as of any greedy choice under two matroids.
 *
 * <p>A row r may end below N because it keeps every column c that still has room. An augmenting swap (our rule) then keeps
 * (r, c') and (r', c) instead of (r', c'); of all such swaps the one that gains most, or loses least, is made. There always
 * is one: the columns c' that r does not keep are full, and there are more than M - N of them; c is kept by fewer than N rows,
 * so one of the N rows that keep c' does not keep c. So every tile is completed, and no exact solver is needed for that.
 *
 * <p>An instance owns its scratch memory, allocates nothing per call, and is used by one thread at a time.
 */
public final class GreedyTileSolver implements TileSolver {
    private static final int LAST_INDEX = Integer.MAX_VALUE;
    /** Ciura's gaps for Shell's sort, by falling size. */
    private static final int[] GAPS = {1750, 701, 301, 132, 57, 23, 10, 4, 1};

    private final int n;
    private final int m;
    private final long[] keys;
    private final int[] rowCounts;
    private final int[] columnCounts;

    /** A solver for tiles of a pattern. */
    public GreedyTileSolver(NmPattern pattern) {
        this.n = pattern.n();
        this.m = pattern.m();
        this.keys = new long[Math.multiplyExact(m, m)];
        this.rowCounts = new int[m];
        this.columnCounts = new int[m];
    }

    @Override
    public void solve(float[] magnitudes, int rows, boolean[] kept) {
        int size = rows * m;
        for (int i = 0; i < size; i++) {
            keys[i] = (long) Float.floatToRawIntBits(magnitudes[i]) << 32 | LAST_INDEX - i;
        }
        sort(size);
        Arrays.fill(rowCounts, 0);
        Arrays.fill(columnCounts, 0);
        for (int rank = size - 1; rank >= 0; rank--) {
            int i = LAST_INDEX - (int) keys[rank];
            boolean room = rowCounts[i / m] < n && columnCounts[i % m] < n;
            kept[i] = room;
            if (room) {
                rowCounts[i / m]++;
                columnCounts[i % m]++;
            }
        }
        for (int row = 0; row < rows; row++) {
            while (rowCounts[row] < n) {
                augment(magnitudes, rows, row, kept);
            }
        }
    }

    /** Rising. Of the JDK's sorts, those in place allocate for some inputs. */
    private void sort(int size) {
        for (int gap : GAPS) {
            for (int i = gap; i < size; i++) {
                long key = keys[i];
                int place = i;
                while (place >= gap && keys[place - gap] > key) {
                    keys[place] = keys[place - gap];
                    place -= gap;
                }
                keys[place] = key;
            }
        }
    }

    /** The best swap that gives {@code row} one weight more; the first of equal ones. */
    private void augment(float[] magnitudes, int rows, int row, boolean[] kept) {
        double bestGain = Double.NEGATIVE_INFINITY;
        int freeColumn = -1;
        int dropped = -1;
        for (int column = 0; column < m; column++) {
            if (columnCounts[column] == n) {
                continue;
            }
            for (int i = 0; i < rows * m; i++) {
                int other = i / m;
                if (kept[i] && !kept[row * m + i % m] && !kept[other * m + column]) {
                    double gain = (double) magnitudes[row * m + i % m] + magnitudes[other * m + column] - magnitudes[i];
                    if (gain > bestGain) {
                        bestGain = gain;
                        freeColumn = column;
                        dropped = i;
                    }
                }
            }
        }
        kept[dropped] = false;
        kept[row * m + dropped % m] = true;
        kept[dropped / m * m + freeColumn] = true;
        rowCounts[row]++;
        columnCounts[freeColumn]++;
    }
}
