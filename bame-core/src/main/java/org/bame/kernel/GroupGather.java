package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

import org.bame.sparsity.WeightShape;

/**
 * A gather whose rows share lists in groups of 4: the dense forward product, the dense input gradient, and the forward
 * product of a row-grouped mask.
 */
final class GroupGather extends Gather {
    GroupGather(
            Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch, WorkerPool pool) {
        super(new TapLists(gather, weights, TapLists.GROUP,
                density -> GatherPlan.forGroups(gather, batch, density, pool.threads())), addresses, pool);
    }

    @Override
    void pass(int pass, TilePass rows, int pixels, long window, long to, boolean first) {
        TapLists lists = lists();
        int vectors = lists.plan().cut().vectors();
        int endList = (rows.endRow + TapLists.GROUP - 1) / TapLists.GROUP;
        for (int list = rows.firstRow / TapLists.GROUP; list < endList; list++) {
            int entry = lists.firstEntry(pass, list);
            int entries = lists.firstEntry(pass, list + 1) - entry;
            long y = to + list * TapLists.GROUP * rows.rowBytes;
            tiles(vectors, pixels, rows, lists.validRows(list), entries, lists.address(entry), window, y, first);
        }
    }

    /** Cuts a group's pixels into tiles of about equal size that fit the registers. */
    private static void tiles(
            int vectors, int pixels, TilePass rows, int validRows, int entries, long list, long window, long y,
            boolean first) {
        int most = WindowCut.GROUP_TILE / vectors;
        int tiles = (pixels + most - 1) / most;
        long stepBytes = vectors == 2 ? rows.pairBytes : rows.secondBytes;
        for (int tile = 0; tile < tiles; tile++) {
            int from = pixels * tile / tiles;
            int to = pixels * (tile + 1) / tiles;
            long at = y + from * stepBytes;
            GroupTiles.gather((to - from) * vectors, rows, validRows, entries, list, window + (long) from * vectors
                    * VECTOR_BYTES,
                    at, first ? Native.ZEROS : at);
        }
    }
}
