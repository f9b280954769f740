package org.bame.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.bame.datasets.CounterRandom.Purpose;
import org.junit.jupiter.api.Test;

final class CounterRandomTest {

    /** The first outputs of SplitMix64 for state 0 (the reference sequence given with the xoshiro generators). */
    @Test
    void bitsFollowSplitMix64() {
        assertThat(CounterRandom.bits(0, 0)).isEqualTo(0xE220A8397B1DCDAFL);
        assertThat(CounterRandom.bits(0, 1)).isEqualTo(0x6E789E6AA1B965F4L);
        assertThat(CounterRandom.bits(0, 2)).isEqualTo(0x06C45D188009454FL);
    }

    @Test
    void everyComponentOfAKeyMatters() {
        Set<Long> keys = new HashSet<>();
        for (long seed = -2; seed < 10; seed++) {
            for (Purpose purpose : Purpose.values()) {
                for (long index = 0; index < 10; index++) {
                    keys.add(CounterRandom.key(seed, purpose, index));
                }
            }
        }
        assertThat(keys).hasSize(12 * Purpose.values().length * 10);
    }

    @Test
    void belowIsUniformAndStaysInRange() {
        int[] counts = new int[9];
        long key = CounterRandom.key(1, Purpose.AUGMENTATION, 0);
        for (int draw = 0; draw < 90_000; draw++) {
            counts[CounterRandom.below(key, draw, 9)]++;
        }
        // Five standard deviations of a binomial count.
        for (int count : counts) {
            assertThat(count).isCloseTo(10_000, within(472));
        }
    }

    @Test
    void uniformFillsTheUnitInterval() {
        double sum = 0;
        double least = 1;
        double greatest = 0;
        for (int draw = 0; draw < 10_000; draw++) {
            double value = CounterRandom.uniform(7, draw);
            sum += value;
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        assertThat(sum / 10_000).isCloseTo(0.5, within(0.0145));
        assertThat(least).isBetween(0.0, 0.01);
        assertThat(greatest).isBetween(0.99, 1.0).isLessThan(1);
    }

    @Test
    void normalHasTheMomentsAndTailsOfItsDistribution() {
        int draws = 200_000;
        double[] sums = new double[5];
        int beyondTwo = 0;
        for (int draw = 0; draw < draws; draw++) {
            double value = CounterRandom.normal(3, draw);
            double power = 1;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += power / draws;
                power *= value;
            }
            beyondTwo += Math.abs(value) > 2 ? 1 : 0;
        }
        // Five standard deviations of each mean: those of the powers are 1, sqrt 2, sqrt 15 and sqrt 96.
        assertThat(sums[1]).isCloseTo(0, within(0.012));
        assertThat(sums[2]).isCloseTo(1, within(0.016));
        assertThat(sums[3]).isCloseTo(0, within(0.044));
        assertThat(sums[4]).isCloseTo(3, within(0.11));
        assertThat((double) beyondTwo / draws).isCloseTo(0.0455, within(0.0024));
    }

    @Test
    void belowRejectsABoundOfZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> CounterRandom.below(1, 1, 0)).withMessageContaining("0");
    }
}
