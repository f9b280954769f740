package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CounterRandomTest {
    private static final int DRAWS = 1 << 16;

    /** First outputs of SplitMix64 from seed 0, as published with the generator. */
    @Test
    void keysAreSplitMix64() {
        assertThat(CounterRandom.mix(0)).isEqualTo(0xe220_a839_7b1d_cdafL);
        assertThat(CounterRandom.mix(0x9e37_79b9_7f4a_7c15L)).isEqualTo(0x6e78_9e6a_a1b9_65f4L);
    }

    @Test
    void everyBitIsAsOftenSetAsNot() {
        int[] set = new int[Integer.SIZE];
        long key = CounterRandom.key(1, 2, 3);
        for (int counter = 0; counter < DRAWS; counter++) {
            int bits = CounterRandom.bits(key, counter);
            for (int bit = 0; bit < set.length; bit++) {
                set[bit] += bits >>> bit & 1;
            }
        }
        for (int count : set) {
            assertThat((double) count / DRAWS).isCloseTo(0.5, within(5 * 0.5 / Math.sqrt(DRAWS)));
        }
    }

    /** Bits of neighbouring counters, steps, layers and seeds agree half the time. */
    @Test
    void neighboursAreIndependent() {
        assertIndependent(CounterRandom.key(1, 2, 3), CounterRandom.key(1, 2, 3), 1);
        assertIndependent(CounterRandom.key(1, 2, 3), CounterRandom.key(1, 2, 3), 32);
        assertIndependent(CounterRandom.key(1, 2, 3), CounterRandom.key(1, 2, 4), 0);
        assertIndependent(CounterRandom.key(1, 2, 3), CounterRandom.key(1, 3, 3), 0);
        assertIndependent(CounterRandom.key(1, 2, 3), CounterRandom.key(2, 2, 3), 0);
        // Half of a key alone must matter, too.
        assertIndependent(0x1_0000_0000L, 0x2_0000_0000L, 0);
        assertIndependent(1, 2, 0);
    }

    private static void assertIndependent(long firstKey, long secondKey, int shift) {
        long differences = 0;
        for (int counter = 0; counter < DRAWS; counter++) {
            differences += Integer.bitCount(
                    CounterRandom.bits(firstKey, counter) ^ CounterRandom.bits(secondKey, counter + shift));
        }
        double bits = (double) DRAWS * Integer.SIZE;
        assertThat(differences / bits).isCloseTo(0.5, within(5 * 0.5 / Math.sqrt(bits)));
    }

    @Test
    void probabilitiesAreChecked() {
        assertThat(CounterRandom.threshold(0)).isZero();
        assertThat(CounterRandom.threshold(0.5)).isEqualTo(1 << 23);
        for (double wrong : new double[]{-0.1, 1, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> CounterRandom.threshold(wrong));
        }
    }
}
