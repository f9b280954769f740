package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;
import static org.bame.kernel.TapLists.GROUP;

import jdk.incubator.vector.FloatVector;
import org.bame.sparsity.WeightShape;

/**
 * The weight gradient on lists that 4 rows share: outer products of 4 rows of dY, packed into a panel, and some entries, summed
 * in registers over several lines at once.
 */
final class GroupWeightGradient extends WeightGradient {
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
    long scratchBytes(GatherPlan plan, int mostEntriesOfList) {
        WindowCut cut = plan.cut();
        return PRODUCTS_BYTES + (long) linesAtOnce(plan) * cut.pixels() * cut.vectors() * GROUP * VECTOR_BYTES;
    }

    @Override
    void products(TapLists lists, TilePass rows, int pass, int lines, int vectors, long window, long target,
            long scratch, long sums) {
        long panel = scratch + PRODUCTS_BYTES;
        long windowLineBytes = lists.plan().lineBytes();
        for (int list = rows.firstRow; list < rows.endRow; list++) {
            int end = lists.firstEntry(pass, list + 1);
            int entry = lists.firstEntry(pass, list);
            if (entry < end) {
                packPanel(rows, lists.validRows(list), lines, vectors, target + list * GROUP * rows.rowBytes, panel);
            }
            while (entry < end) {
                int count = Math.min(WindowCut.OUTER_TILE, end - entry);
                OuterTiles.outer(count, lines, vectors, panel, lists.address(entry), window, windowLineBytes, scratch);
                LaneSums.add(scratch, WindowCut.OUTER_TILE * GROUP, sums);
                sums += (long) count * GROUP * Float.BYTES;
                entry += count;
            }
        }
    }

    /** Copies some lines of up to 4 rows of dY to {@code [line][vector][row]}; rows that are missing become zeros. */
    private void packPanel(TilePass rows, int validRows, int lines, int vectors, long target, long panel) {
        long bytes = (long) vectors * GROUP * VECTOR_BYTES;
        for (int line = 0; line < lines; line++) {
            long from = target + line * addresses.lineBytes();
            if (validRows == GROUP) {
                packLine(vectors, from, rows.rowBytes, rows.pairBytes, rows.secondBytes, panel);
            } else {
                Native.clear(panel, bytes);
                for (int row = 0; row < validRows; row++) {
                    packRow(vectors, from + row * rows.rowBytes, rows.pairBytes, rows.secondBytes,
                            panel + (long) row * VECTOR_BYTES);
                }
            }
            panel += bytes;
        }
    }

    private static void packLine(int vectors, long from, long rowBytes, long pairBytes, long secondBytes, long to) {
        long second = from + secondBytes;
        for (int i = 1; i < vectors; i += 2) {
            fromMemorySegment(SPECIES, MEMORY, from, ORDER).intoMemorySegment(MEMORY, to, ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + rowBytes, ORDER).intoMemorySegment(MEMORY, to + VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + 2 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 2 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, from + 3 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 3 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, second, ORDER).intoMemorySegment(MEMORY, to + 4 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, second + rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 5 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, second + 2 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 6 * VECTOR_BYTES, ORDER);
            fromMemorySegment(SPECIES, MEMORY, second + 3 * rowBytes, ORDER)
                    .intoMemorySegment(MEMORY, to + 7 * VECTOR_BYTES, ORDER);
            from += pairBytes;
            second += pairBytes;
            to += 2L * GROUP * VECTOR_BYTES;
        }
        if (vectors % 2 != 0) {
            for (int row = 0; row < GROUP; row++) {
                fromMemorySegment(SPECIES, MEMORY, from, ORDER).intoMemorySegment(MEMORY, to, ORDER);
                from += rowBytes;
                to += VECTOR_BYTES;
            }
        }
    }

    private static void packRow(int vectors, long from, long pairBytes, long secondBytes, long to) {
        for (int i = 0; i < vectors; i++) {
            FloatVector vector = fromMemorySegment(SPECIES, MEMORY, from + i / 2 * pairBytes + i % 2 * secondBytes, ORDER);
            vector.intoMemorySegment(MEMORY, to + (long) i * GROUP * VECTOR_BYTES, ORDER);
        }
    }
}
