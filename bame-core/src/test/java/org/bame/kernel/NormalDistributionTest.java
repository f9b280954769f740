package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalDistributionTest {
    /** Values of mpmath's ncdf at 30 digits. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.5",
        "0.5, 0.69146246127401310364",
        "1, 0.84134474606854294859",
        "1.96, 0.97500210485177956586",
        "3, 0.99865010196836990547",
        "4.9, 0.99999952081672340968",
        "5.1, 0.99999983017325928524"
    })
    void agreesWithPublishedValues(double x, double probability) {
        assertThat(NormalDistribution.cumulative(x)).isCloseTo(probability, within(1e-15));
        assertThat(NormalDistribution.cumulative(-x)).isCloseTo(1 - probability, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({
        "-5.5, 1.8989562465887719e-8",
        "-8, 6.2209605742717841e-16",
        "-12, 1.776482112077679e-33",
        "-30, 4.9067139271481871e-198"
    })
    void keepsDigitsInTheTail(double x, double probability) {
        assertThat(NormalDistribution.cumulative(x) / probability).isCloseTo(1, within(1e-12));
    }
}
