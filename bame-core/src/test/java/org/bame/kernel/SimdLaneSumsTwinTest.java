package org.bame.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@link LaneSums} against sums written out, at the width of this run. */
class SimdLaneSumsTwinTest {
    private static final int MOST = 40;
    private static final float GUARD = 7;

    @Test
    void addsTheLanesOfEachVectorToItsNumber() {
        SplittableRandom random = new SplittableRandom(3);
        for (int count = 0; count <= MOST; count++) {
            int whole = (count + Native.LANES - 1) / Native.LANES * Native.LANES;
            float[] lanes = new float[(whole + 1) * Native.LANES];
            for (int i = 0; i < lanes.length; i++) {
                // What lies behind the vectors must not matter.
                lanes[i] = i < count * Native.LANES ? (float) random.nextDouble(-1, 1) : Float.NaN;
            }
            float[] sums = new float[whole + Native.LANES];
            Arrays.fill(sums, GUARD);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment vectors = arena.allocateFrom(ValueLayout.JAVA_FLOAT, lanes);
                MemorySegment numbers = arena.allocateFrom(ValueLayout.JAVA_FLOAT, sums);
                LaneSums.add(vectors.address(), count, numbers.address());
                for (int i = 0; i < sums.length; i++) {
                    double expected = GUARD;
                    for (int lane = 0; i < count && lane < Native.LANES; lane++) {
                        expected += lanes[i * Native.LANES + lane];
                    }
                    assertEquals(expected, numbers.getAtIndex(ValueLayout.JAVA_FLOAT, i), 1e-5, "number " + i + " of "
                            + count);
                }
                if (count > 0) {
                    assertTrue(Float.isNaN(vectors.getAtIndex(ValueLayout.JAVA_FLOAT, (long) whole * Native.LANES)));
                }
            }
        }
    }

    @Test
    void copiesAddsAndClearsAsManyNumbersAsThereAre() {
        for (int count = 0; count <= MOST; count++) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment from = filled(arena, 2);
                MemorySegment to = filled(arena, GUARD);
                Native.copyNumbers(from.address(), to.address(), count);
                check(to, count, 2);
                Native.addNumbers(from.address(), to.address(), count);
                check(to, count, 4);
                Native.clear(to.address(), (long) count * Float.BYTES);
                check(to, count, 0);
            }
        }
    }

    private static MemorySegment filled(Arena arena, float value) {
        float[] numbers = new float[MOST + 1];
        Arrays.fill(numbers, value);
        return arena.allocateFrom(ValueLayout.JAVA_FLOAT, numbers);
    }

    private static void check(MemorySegment numbers, int count, float expected) {
        for (int i = 0; i <= MOST; i++) {
            assertEquals(i < count ? expected : GUARD, numbers.getAtIndex(ValueLayout.JAVA_FLOAT, i), "number " + i
                    + " of " + count);
        }
    }
}
