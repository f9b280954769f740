package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExponentialRaceTest {
    private static final double STATED_ERROR = 4e-7;

    /** Every 37th of the 2^23 values that U takes, and the first and last ones. */
    @Test
    void logarithmIsWithinItsStatedError() {
        int values = 1 << Integer.SIZE - ExponentialRace.UNUSED_BITS;
        double worst = 0;
        for (int k = 0; k < values; k += k < 1000 || k > values - 1000 ? 1 : 37) {
            double expected = -Math.log((2 * k + 1) * 0x1p-24) / Math.log(2);
            double actual = ExponentialRace.exponential(k << ExponentialRace.UNUSED_BITS);
            worst = Math.max(worst, Math.abs(actual - expected) / expected);
        }
        assertThat(worst).isBetween(1e-8, STATED_ERROR);
    }

    @Test
    void heavierItemsArriveEarlierAndTiesDoNotExist() {
        for (int position = 0; position < 1000; position++) {
            int light = ExponentialRace.arrival(7, position, 0.5f);
            assertThat(ExponentialRace.arrival(7, position, 2f)).isBetween(0, light);
            assertThat(light & ExponentialRace.ITEM_BITS).isEqualTo(position % 4);
        }
    }
}
