package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NmPatternTest {
    @Test
    void readsWhatItWrites() {
        assertThat(NmPattern.parse("2:4")).isEqualTo(new NmPattern(2, 4));
        assertThat(NmPattern.parse(" 1 : 16 ")).isEqualTo(new NmPattern(1, 16));
        assertThat(NmPattern.parse(new NmPattern(3, 8).toString())).isEqualTo(new NmPattern(3, 8));
        assertThat(new NmPattern(1, 16).density()).isEqualTo(0.0625);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "2", "2:", ":4", "2/4", "4:2", "0:4", "-1:4", "2:4:8", "two:four", "2.0:4",
                "1:99999999"})
    void refusesNonsenseAndSaysWhatIsExpected(String text) {
        assertThatThrownBy(() -> NmPattern.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text.strip())
                .hasMessageContaining("expected N:M");
    }
}
