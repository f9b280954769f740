package org.bame.harness.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {

    private static final int EXPERIMENTS = 2_000;
    private static final Bootstrap QUICK = new Bootstrap(0.95, 399, 1);

    /**
     * Resamples of two values have means 0 (half of them) or plus or minus the inflated deviation, sqrt(2) x 1; Student's
     * quantile with 1 degree of freedom is 12.7062, the normal one 1.9600.
     */
    @Test
    void intervalOfTwoValuesByHand() {
        double halfWidth = Math.sqrt(2) * 12.70620473617 / 1.95996398454;

        Interval interval = Bootstrap.STANDARD.ofMean(new double[]{4, 6});

        assertThat(interval.low()).isEqualTo(5 - halfWidth, within(1e-6));
        assertThat(interval.high()).isEqualTo(5 + halfWidth, within(1e-6));
    }

    /** Of three values the mean of the smallest alone has 1/27 of the resamples, which is more than 2.5 %. */
    @Test
    void intervalOfThreeValuesByHand() {
        double widening = Math.sqrt(1.5) * 4.30265272991 / 1.95996398454;

        Interval interval = Bootstrap.STANDARD.ofMean(new double[]{0, 1, 5});

        assertThat(interval.low()).isEqualTo(2 - 2 * widening, within(1e-6));
        assertThat(interval.high()).isEqualTo(2 + 3 * widening, within(1e-6));
    }

    @Test
    void intervalOfADifferenceIsThatOfTheSecondLessTheFirst() {
        double[] from = {10, 11, 12, 13};
        double[] to = {20.5, 21, 22.5, 23};

        Interval rise = Bootstrap.STANDARD.ofDifference(from, to);
        Interval fall = Bootstrap.STANDARD.ofDifference(to, from);

        assertThat(rise.contains(10.25)).isTrue();
        assertThat(rise.low()).isBetween(7.5, 8.8);
        assertThat(rise.high()).isBetween(11.7, 13.0);
        assertThat(fall.low()).isEqualTo(-rise.high(), within(0.15));
        assertThat(fall.high()).isEqualTo(-rise.low(), within(0.15));
    }

    @Test
    void valuesThatDoNotVaryHaveAnIntervalOfNoWidth() {
        double[] same = {0.1, 0.1, 0.1};

        Interval mean = Bootstrap.STANDARD.ofMean(same);
        Interval difference = Bootstrap.STANDARD.ofDifference(same, new double[]{0.3, 0.3});

        assertThat(mean.high() - mean.low()).isLessThan(1e-12);
        assertThat(mean.low()).isEqualTo(0.1, within(1e-12));
        assertThat(difference.low()).isEqualTo(0.2, within(1e-12));
        assertThat(difference.high()).isEqualTo(0.2, within(1e-12));
    }

    @Test
    void sameValuesHaveTheSameInterval() {
        double[] values = normal(new Random(5), 12, 0.7, 0.01);

        assertThat(Bootstrap.STANDARD.ofMean(values)).isEqualTo(Bootstrap.STANDARD.ofMean(values.clone()));
        assertThat(new Bootstrap(0.95, 9_999, 2).ofMean(values)).isNotEqualTo(Bootstrap.STANDARD.ofMean(values));
    }

    /** How many intervals of 95 % contain the true mean; of plain percentile intervals of 3 values it would be 75 %. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10})
    void intervalsOfAMeanContainItAsOftenAsTheySay(int seeds) {
        Random random = new Random(seeds);

        double share = coverage(3, () -> QUICK.ofMean(normal(random, seeds, 3, 2)));

        assertThat(share).isBetween(0.92, 0.96);
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 1", "3, 3, 1", "3, 3, 4", "5, 3, 0.25", "10, 4, 1"})
    void intervalsOfADifferenceContainItAsOftenAsTheySay(int before, int after, double spread) {
        Random random = new Random(before + after);

        double share = coverage(-0.5, () -> QUICK.ofDifference(
                normal(random, before, 1, 1), normal(random, after, 0.5, spread)));

        assertThat(share).isBetween(0.92, 0.985);
    }

    @Test
    void tellsWhatGivesNoInterval() {
        assertThatThrownBy(() -> Bootstrap.STANDARD.ofMean(new double[]{1})).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> Bootstrap.STANDARD.ofDifference(new double[]{1, 2}, new double[]{1}))
                .hasMessageContaining("Got 1 values");
        assertThatThrownBy(() -> new Bootstrap(0.95, 10, 1)).hasMessageContaining("resamples");
        assertThatThrownBy(() -> new Bootstrap(1, 999, 1)).hasMessageContaining("confidence");
        assertThatThrownBy(() -> Summary.of(new double[0])).hasMessageContaining("at least 1");
    }

    @Test
    void summaryByHand() {
        assertThat(Summary.of(new double[]{2, 4, 4, 4, 5, 5, 7, 9}))
                .isEqualTo(new Summary(8, 5, Math.sqrt(32.0 / 7)));
        Summary single = Summary.of(new double[]{0.7});
        assertThat(single.mean()).isEqualTo(0.7);
        assertThat(single.standardDeviation()).isNaN();
    }

    private static double coverage(double truth, Supplier<Interval> experiment) {
        int covered = 0;
        for (int i = 0; i < EXPERIMENTS; i++) {
            covered += experiment.get().contains(truth) ? 1 : 0;
        }
        return (double) covered / EXPERIMENTS;
    }

    private static double[] normal(Random random, int count, double mean, double deviation) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> mean + deviation * random.nextGaussian());
        return values;
    }
}
