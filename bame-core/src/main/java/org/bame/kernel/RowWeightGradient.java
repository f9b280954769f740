package org.bame.kernel;

import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import org.bame.sparsity.WeightShape;

/** The weight gradient on lists of single rows: dY stays in registers while a row's list passes by. */
final class RowWeightGradient extends WeightGradient {
    /** Entries whose lanes are summed together, if a row does not have more. */
    private static final int BATCH = 4 * LANES;

    RowWeightGradient(
            Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch, WorkerPool pool) {
        super(gather, weights, addresses, 1, batch, pool,
                density -> GatherPlan.forRows(gather, batch, density, pool.threads()));
    }

    @Override
    int linesAtOnce(GatherPlan plan) {
        return 1;
    }

    @Override
    long scratchBytes(GatherPlan plan) {
        WindowCut cut = plan.cut();
        int mostOfRow = cut.channels() * cut.tapsPerPass(plan.gather()) * plan.gather().along().taps();
        return (long) (Math.max(BATCH, mostOfRow) + LANES) * VECTOR_BYTES;
    }

    @Override
    void products(TapLists lists, TilePass rows, int pass, int lines, int vectors, long window, long target,
            long scratch, long sums) {
        int firstOfTask = lists.firstEntry(pass, rows.firstRow);
        for (int row = rows.firstRow; row < rows.endRow;) {
            int first = lists.firstEntry(pass, row);
            int endRow = row + 1;
            while (endRow < rows.endRow && lists.firstEntry(pass, endRow + 1) - first <= BATCH) {
                endRow++;
            }
            RowGradientTiles.products(vectors, rows, lists.pointer(pass), row, endRow, window, target + row
                    * rows.rowBytes,
                    scratch - (long) first * VECTOR_BYTES);
            LaneSums.add(scratch, lists.firstEntry(pass, endRow) - first,
                    sums + (long) (first - firstOfTask) * Float.BYTES);
            row = endRow;
        }
    }
}
