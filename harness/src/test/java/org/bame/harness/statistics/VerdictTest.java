package org.bame.harness.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    @ParameterizedTest
    @CsvSource({
        "-0.4, 0.4, EQUAL, EQUAL, EQUAL",
        "-0.5, 0.5, EQUAL, EQUAL, EQUAL",
        "0.1, 0.4, EQUAL, EQUAL, EQUAL",
        "0.6, 2, BETTER, WORSE, WORSE",
        "-2, -0.6, WORSE, BETTER, WORSE",
        "0.4, 2, INCONCLUSIVE, INCONCLUSIVE, INCONCLUSIVE",
        "0.5, 2, INCONCLUSIVE, INCONCLUSIVE, INCONCLUSIVE",
        "-2, -0.1, INCONCLUSIVE, INCONCLUSIVE, INCONCLUSIVE",
        "-3, 3, INCONCLUSIVE, INCONCLUSIVE, INCONCLUSIVE"
    })
    void verdictFollowsFromWhereTheIntervalLies(
            double low, double high, Verdict higher, Verdict lower, Verdict unchanged) {
        Interval change = new Interval(low, high);

        assertThat(Verdict.of(change, 0.5, Goal.HIGHER)).isEqualTo(higher);
        assertThat(Verdict.of(change, 0.5, Goal.LOWER)).isEqualTo(lower);
        assertThat(Verdict.of(change, 0.5, Goal.UNCHANGED)).isEqualTo(unchanged);
    }

    @Test
    void withoutToleranceOnlyTheSameIsEqual() {
        assertThat(Verdict.of(new Interval(0, 0), 0, Goal.UNCHANGED)).isEqualTo(Verdict.EQUAL);
        assertThat(Verdict.of(new Interval(1e-9, 1e-9), 0, Goal.UNCHANGED)).isEqualTo(Verdict.WORSE);
        assertThat(Verdict.of(new Interval(-1e-9, 1e-9), 0, Goal.LOWER)).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void intervalsKeepTheirOrder() {
        assertThat(new Interval(1, 2).map(value -> value * value)).isEqualTo(new Interval(1, 4));
        assertThatThrownBy(() -> new Interval(2, 1)).hasMessageContaining("from 2.0 to 1.0");
        assertThatThrownBy(() -> new Interval(Double.NaN, 1)).hasMessageContaining("two numbers");
    }
}
