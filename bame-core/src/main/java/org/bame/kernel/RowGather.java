package org.bame.kernel;

import org.bame.sparsity.WeightShape;

/** A gather with a list a row: the sparse forward product and the sparse input gradient. */
final class RowGather extends Gather<RowPass> {
    RowGather(Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch,
            WorkerPool pool) {
        super(new TapLists(gather, weights, 1, density -> GatherPlan.forRows(gather, batch, density, pool.threads())),
                addresses, pool, RowPass::new);
    }

    @Override
    void pass(int pass, RowPass rows, int firstRow, int endRow, int pixels, long window, long to, boolean first) {
        lists().describe(rows, pass);
        rows.firstRow = firstRow;
        rows.endRow = endRow;
        long y = to + firstRow * rows.rowBytes;
        int vectors = pixels * lists().plan().cut().vectors();
        RowTiles.gather(vectors, rows, window, y, first ? Native.ZEROS : y);
    }
}
