package org.bame.kernel;

import org.bame.sparsity.WeightShape;

/** A gather with a list a row: the sparse forward product and the sparse input gradient. */
final class RowGather extends Gather {
    RowGather(Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch,
            WorkerPool pool) {
        super(new TapLists(gather, weights, 1, density -> GatherPlan.forRows(gather, batch, density, pool.threads())),
                addresses, pool);
    }

    @Override
    void pass(int pass, TilePass rows, int pixels, long window, long to, boolean first) {
        long y = to + rows.firstRow * rows.rowBytes;
        int vectors = pixels * lists().plan().cut().vectors();
        RowTiles.gather(vectors, rows, lists().pointer(pass), window, y, first ? Native.ZEROS : y);
    }
}
