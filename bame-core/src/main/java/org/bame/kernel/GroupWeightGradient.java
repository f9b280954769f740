package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;
import static org.bame.kernel.TapLists.GROUP;

import org.bame.sparsity.WeightShape;

/**
 * The weight gradient on lists that 4 rows share: outer products of 4 rows of dY, packed into a panel, and some entries, summed
 * in registers over several lines at once.
 */
final class GroupWeightGradient extends WeightGradient {
    /** Lists whose panels are packed together: a pixel's rows lie one behind the other. */
    private static final int PANELS = 4;

    /** What a tile leaves: as many vectors as the largest, whatever its size. */
    private static final long PRODUCTS_BYTES = 4L * GROUP * VECTOR_BYTES;

    GroupWeightGradient(
            Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch, WorkerPool pool) {
        super(gather, weights, addresses, GROUP, batch, pool,
                density -> GatherPlan.forOuterProducts(gather, batch, density, pool.threads()));
    }

    @Override
    int linesAtOnce(GatherPlan plan) {
        return plan.cut().lines(plan.gather());
    }

    @Override
    long scratchBytes(GatherPlan plan) {
        WindowCut cut = plan.cut();
        return PRODUCTS_BYTES + PANELS * panelBytes(linesAtOnce(plan), cut.pixels() * cut.vectors());
    }

    private static long panelBytes(int lines, int vectors) {
        return (long) lines * vectors * GROUP * VECTOR_BYTES;
    }

    @Override
    void products(TapLists lists, TilePass rows, int pass, int lines, int vectors, long window, long target,
            long scratch, long sums) {
        long panels = scratch + PRODUCTS_BYTES;
        long panelBytes = panelBytes(lines, vectors);
        long windowLineBytes = lists.plan().lineBytes();
        for (int first = rows.firstRow; first < rows.endRow; first += PANELS) {
            int endList = Math.min(rows.endRow, first + PANELS);
            packPanels(lists, first, endList, lines, vectors, target, panels);
            for (int list = first; list < endList; list++) {
                long panel = panels + (list - first) * panelBytes;
                int end = lists.firstEntry(pass, list + 1);
                for (int entry = lists.firstEntry(pass, list); entry < end;) {
                    int count = Math.min(WindowCut.OUTER_TILE, end - entry);
                    OuterTiles.outer(count, lines, vectors, panel, lists.address(entry), window, windowLineBytes,
                            scratch);
                    LaneSums.add(scratch, WindowCut.OUTER_TILE * GROUP, sums);
                    sums += (long) count * GROUP * Float.BYTES;
                    entry += count;
                }
            }
        }
    }

    /** Copies the rows of dY of some lists to {@code [list][line][vector][row]}; rows that are missing become zeros. */
    private void packPanels(TapLists lists, int firstList, int endList, int lines, int vectors, long target,
            long panels) {
        int ofPixel = lists.plan().cut().vectors();
        int whole = lists.validRows(endList - 1) == GROUP ? endList - firstList : endList - firstList - 1;
        long panelBytes = panelBytes(lines, vectors);
        long rowBytes = addresses.rowBytes();
        long to = panels;
        for (int line = 0; line < lines; line++) {
            long from = target + line * addresses.lineBytes() + firstList * GROUP * rowBytes;
            for (int vector = 0; vector < vectors; vector += ofPixel) {
                if (ofPixel == 2) {
                    packPairs(whole, from, rowBytes, to, panelBytes);
                } else {
                    pack(whole, from, rowBytes, to, panelBytes);
                }
                if (whole < endList - firstList) {
                    packPart(lists.validRows(endList - 1), ofPixel, from + whole * GROUP * rowBytes, to + whole
                            * panelBytes);
                }
                from += addresses.stepBytes();
                to += (long) ofPixel * GROUP * VECTOR_BYTES;
            }
        }
    }

    /** A pixel of groups of which each row has one vector. */
    private static void pack(int groups, long from, long rowBytes, long to, long panelBytes) {
        for (int group = 0; group < groups; group++) {
            fromMemorySegment(SPECIES, MEMORY, from, ORDER).intoMemorySegment(MEMORY, to, ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + rowBytes, ORDER).intoMemorySegment(MEMORY, to + VECTOR_BYTES,
                    ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + 2 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 2 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + 3 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 3 * VECTOR_BYTES, ORDER);
            from += GROUP * rowBytes;
            to += panelBytes;
        }
    }

    /** A pixel of groups of which each row has two vectors. */
    private static void packPairs(int groups, long from, long rowBytes, long to, long panelBytes) {
        for (int group = 0; group < groups; group++) {
            long second = from + VECTOR_BYTES;
            fromMemorySegment(SPECIES, MEMORY, from, ORDER).intoMemorySegment(MEMORY, to, ORDER);
            fromMemorySegment(SPECIES, MEMORY, second, ORDER).intoMemorySegment(MEMORY, to + 4 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + rowBytes, ORDER).intoMemorySegment(MEMORY, to + VECTOR_BYTES,
                    ORDER);
            fromMemorySegment(SPECIES, MEMORY, second + rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 5 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + 2 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 2 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, second + 2 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 6 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + 3 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 3 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, second + 3 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 7 * VECTOR_BYTES, ORDER);
            from += GROUP * rowBytes;
            to += panelBytes;
        }
    }

    /** A pixel of the last group, which lacks rows. */
    private void packPart(int validRows, int ofPixel, long from, long to) {
        Native.clear(to, (long) ofPixel * GROUP * VECTOR_BYTES);
        for (int row = 0; row < validRows; row++) {
            for (int i = 0; i < ofPixel; i++) {
                Native.copy(from + row * addresses.rowBytes() + (long) i * VECTOR_BYTES,
                        to + (long) (i * GROUP + row) * VECTOR_BYTES, VECTOR_BYTES);
            }
        }
    }
}
