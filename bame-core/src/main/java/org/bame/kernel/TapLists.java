package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.util.Arrays;
import java.util.function.DoubleFunction;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * The weights of a support as the lists that a gather walks, in the order {@code [pass][list][taps][channel]}. A list belongs
 * to one row (target channel), or to a group of 4 rows that keep the same positions: all rows of a dense support, the outputs
 * of a row-grouped mask. An entry is the byte offset in the packed window, 4 bytes, and the weight of each row, 4 bytes each;
 * rows missing in the last group have weight 0.
 */
final class TapLists {
    /** Rows of a group. */
    static final int GROUP = 4;

    /** Densities 1, 1/2, 1/4 ... each have a plan of their own; sparser masks share the last. */
    private static final int DENSITY_CLASSES = 8;

    private final Correlation gather;
    private final WeightShape shape;
    private final DoubleFunction<GatherPlan> planOf;
    private final int rowsPerList;
    private final int lists;
    private final int rowStep;
    private final GatherPlan[] plans = new GatherPlan[DENSITY_CLASSES];
    private GatherPlan plan;
    private int[] pointers = new int[1];
    private int[] cursor = new int[1];
    private int[] sources = new int[0];
    private Storage entries;
    private Support support;
    private long version;

    /**
     * @param rowsPerList 1 or {@link #GROUP}
     * @param planOf makes the plan for a density
     */
    TapLists(Correlation gather, WeightShape shape, int rowsPerList, DoubleFunction<GatherPlan> planOf) {
        this.gather = gather;
        this.shape = shape;
        this.planOf = planOf;
        this.rowsPerList = rowsPerList;
        this.lists = (gather.rows() + rowsPerList - 1) / rowsPerList;
        this.rowStep = gather.transposed() ? 1 : shape.rowLength();
    }

    /** Whether a gather can walk a support by groups of rows. */
    static boolean grouped(Correlation gather, Support support) {
        return switch (support) {
            case Support.Dense dense -> true;
            case Support.Masked masked -> !gather.transposed() && masked.mask().rowGroup() % GROUP == 0;
        };
    }

    /** Bytes of an entry. */
    static int entryBytes(int rowsPerList) {
        return Integer.BYTES + rowsPerList * Float.BYTES;
    }

    /** How the lists are to be walked. */
    GatherPlan plan() {
        return plan;
    }

    /** Rows that share a list. */
    int rowsPerList() {
        return rowsPerList;
    }

    /** Lists of a pass. */
    int count() {
        return lists;
    }

    /** Whether the lists are those of this support as it now is. */
    boolean describes(Support other) {
        return other.equals(support) && version == version(other);
    }

    private static long version(Support support) {
        return support instanceof Support.Masked masked ? masked.mask().version() : 0;
    }

    /** Makes the lists those of a support; does nothing if they are already. */
    void follow(Support wanted) {
        if (describes(wanted)) {
            return;
        }
        // Until all is done: memory may run out, and the caller go on.
        support = null;
        choosePlan(wanted instanceof Support.Masked masked ? masked.mask().density() : 1);
        Arrays.fill(pointers, 0);
        visit(wanted, false);
        for (int i = 1; i < pointers.length; i++) {
            pointers[i] += pointers[i - 1];
        }
        int count = entries();
        if (count > sources.length) {
            entries = Storage.allocate(ElementType.FLOAT, (long) count * entryBytes(rowsPerList) / Float.BYTES);
            sources = new int[count];
        }
        System.arraycopy(pointers, 0, cursor, 0, pointers.length);
        visit(wanted, true);
        support = wanted;
        version = version(wanted);
    }

    private void choosePlan(double density) {
        int densityClass = density == 0
                ? DENSITY_CLASSES - 1
                : Math.clamp(Math.round(-Math.log(density) / Math.log(2)), 0, DENSITY_CLASSES - 1);
        if (plans[densityClass] == null) {
            plans[densityClass] = planOf.apply(Math.scalb(1.0, -densityClass));
        }
        if (plan != plans[densityClass]) {
            plan = plans[densityClass];
            int length = lists * plan.passes() + 1;
            if (pointers.length != length) {
                pointers = new int[length];
                cursor = new int[length];
            }
        }
    }

    /** Counts the entries of each list (into the pointer after it), or places them. */
    private void visit(Support wanted, boolean place) {
        Mask mask = wanted instanceof Support.Masked masked ? masked.mask() : null;
        int outputStep = gather.transposed() ? 1 : rowsPerList;
        int inputStep = gather.transposed() ? rowsPerList : 1;
        for (int output = 0; output < shape.outputs(); output += outputStep) {
            for (int acrossTap = 0; acrossTap < gather.across().taps(); acrossTap++) {
                for (int alongTap = 0; alongTap < gather.along().taps(); alongTap++) {
                    int from = gather.weight(shape, output, acrossTap, alongTap);
                    int to = from + shape.inputs();
                    if (mask == null) {
                        for (int i = from; i < to; i += inputStep) {
                            visit(output, i - from, acrossTap, alongTap, i, place);
                        }
                    } else {
                        for (int i = mask.nextKept(from, to); i >= 0; i = mask.nextKept(i + 1, to)) {
                            visit(output, i - from, acrossTap, alongTap, i, place);
                        }
                    }
                }
            }
        }
    }

    private void visit(int output, int input, int acrossTap, int alongTap, int weight, boolean place) {
        int row = gather.transposed() ? input : output;
        int channel = gather.transposed() ? output : input;
        int channels = plan.cut().channels();
        int range = channel / channels;
        int list = plan.pass(range, acrossTap) * lists + row / rowsPerList;
        if (!place) {
            pointers[list + 1]++;
            return;
        }
        int entry = cursor[list]++;
        int offset = plan.window().offset(plan.cut().split() ? 0 : acrossTap, alongTap, channel - range * channels);
        Native.MEMORY.set(JAVA_INT_UNALIGNED, address(entry), offset);
        sources[entry] = weight;
    }

    /** Lists of all passes. */
    int all() {
        return pointers.length - 1;
    }

    /** Copies the weights at an address into some of the lists of all passes. */
    void load(long weights, int firstList, int endList) {
        if (rowsPerList == 1) {
            loadRows(weights, pointers[firstList], pointers[endList]);
            return;
        }
        for (int list = firstList; list < endList; list++) {
            int rows = validRows(list % lists);
            if (rows == GROUP) {
                loadGroup(weights, pointers[list], pointers[list + 1]);
            } else {
                loadPartOfGroup(weights, pointers[list], pointers[list + 1], rows);
            }
        }
    }

    private void loadRows(long weights, int from, int end) {
        long to = address(from) + Integer.BYTES;
        for (int i = from; i < end; i++) {
            float value = Native.MEMORY.get(JAVA_FLOAT_UNALIGNED, weights + ((long) sources[i] << 2));
            Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, to, value);
            to += Integer.BYTES + Float.BYTES;
        }
    }

    private void loadGroup(long weights, int from, int end) {
        long step = (long) rowStep * Float.BYTES;
        long to = address(from) + Integer.BYTES;
        for (int i = from; i < end; i++) {
            long at = weights + ((long) sources[i] << 2);
            Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, to, Native.MEMORY.get(JAVA_FLOAT_UNALIGNED, at));
            Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, to + 4, Native.MEMORY.get(JAVA_FLOAT_UNALIGNED, at + step));
            Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, to + 8, Native.MEMORY.get(JAVA_FLOAT_UNALIGNED, at + 2 * step));
            Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, to + 12, Native.MEMORY.get(JAVA_FLOAT_UNALIGNED, at + 3 * step));
            to += Integer.BYTES + GROUP * Float.BYTES;
        }
    }

    private void loadPartOfGroup(long weights, int from, int end, int rows) {
        for (int i = from; i < end; i++) {
            for (int row = 0; row < rows; row++) {
                float value = Native.MEMORY.get(JAVA_FLOAT_UNALIGNED, weights + ((long) source(i, row) << 2));
                Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, address(i) + Integer.BYTES + ((long) row << 2), value);
            }
            // A list that is now elsewhere may have left a weight here.
            for (int row = rows; row < GROUP; row++) {
                Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, address(i) + Integer.BYTES + ((long) row << 2), 0);
            }
        }
    }

    /**
     * Puts numbers where the weights of some lists of a pass belong.
     *
     * @param numbers address of the numbers, {@code [entry][row of the list]}
     * @param weights address of the weights
     */
    void place(int pass, int firstList, int endList, long numbers, long weights) {
        for (int list = firstList; list < endList; list++) {
            int rows = validRows(list);
            int end = firstEntry(pass, list + 1);
            for (int entry = firstEntry(pass, list); entry < end; entry++) {
                for (int row = 0; row < rows; row++) {
                    float number = Native.MEMORY.get(JAVA_FLOAT_UNALIGNED, numbers + ((long) row << 2));
                    Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, weights + ((long) source(entry, row) << 2), number);
                }
                numbers += (long) rowsPerList * Float.BYTES;
            }
        }
    }

    /** Rows of a list that exist. */
    int validRows(int list) {
        return Math.min(rowsPerList, gather.rows() - list * rowsPerList);
    }

    /** First entry of a list in a pass; the end of list l is the start of list l + 1. */
    int firstEntry(int pass, int list) {
        return pointers[pointer(pass) + list];
    }

    /** Where a pass's pointers begin, for the tiles. */
    int pointer(int pass) {
        return pass * lists;
    }

    /** Points the tiles of a gather or of a weight gradient to the lists. */
    void describe(TilePass rows) {
        rows.pointers = pointers;
        rows.list = address(0);
    }

    /** Points the tiles of a scatter to the lists. */
    void describe(ScatterPass groups) {
        groups.pointers = pointers;
        groups.groups = lists;
        groups.rows = gather.rows();
        groups.list = address(0);
    }

    /** Entries in all. */
    int entries() {
        return pointers[pointers.length - 1];
    }

    /** Position in the weights' memory order of an entry's weight in a row of its list. */
    int source(int entry, int row) {
        return sources[entry] + row * rowStep;
    }

    /** Address of an entry. */
    long address(int entry) {
        return entries == null ? 0 : entries.address() + (long) entry * entryBytes(rowsPerList);
    }
}
