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

    @Test
    void readsAndWritesRowGroups() {
        assertThat(NmPattern.parse("1:4/g4")).isEqualTo(new NmPattern(1, 4, 4)).hasToString("1:4/g4");
        assertThat(NmPattern.parse(" 2 : 16 /g2 ")).isEqualTo(new NmPattern(2, 16, 2));
        assertThat(NmPattern.parse("1:4/g1")).isEqualTo(NmPattern.parse("1:4")).hasToString("1:4");
        assertThat(NmPattern.parse("2:4").rowGroup()).isEqualTo(1);
        assertThat(new NmPattern(1, 4, 4).density()).isEqualTo(0.25);
        assertThat(new NmPattern(1, 4, 4).withN(3)).isEqualTo(new NmPattern(3, 4, 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "2", "2:", ":4", "2/4", "4:2", "0:4", "-1:4", "2:4:8", "two:four", "2.0:4",
                "1:99999999", "1:4/g0", "1:4/g", "1:4/4", "1:4g4", "1:4/g-1", "1:4/g4/g4", "1:4/g9999999", "4:2/g2",
                "1:4 /g 4", "1:4/G4"})
    void refusesNonsenseAndSaysWhatIsExpected(String text) {
        assertThatThrownBy(() -> NmPattern.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text.strip())
                .hasMessageContaining("expected N:M");
    }
}
