package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;

/**
 * Adds up the lanes of vectors in memory, always in the same tree: {@code reduceLanes} has other bits interpreted than
 * compiled, which would make runs with one seed diverge.
 */
final class LaneSums {
    private LaneSums() {}

    /** Sum of the {@link Native#LANES} numbers at an address. */
    static float sum(long address) {
        float total = 0;
        for (int lane = 0; lane < LANES; lane += 4) {
            float left = at(address, lane) + at(address, lane + 1);
            float right = at(address, lane + 2) + at(address, lane + 3);
            total += left + right;
        }
        return total;
    }

    private static float at(long address, int lane) {
        return MEMORY.get(JAVA_FLOAT_UNALIGNED, address + ((long) lane << 2));
    }
}
