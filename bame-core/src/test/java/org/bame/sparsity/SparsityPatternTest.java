package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparsityPatternTest {
    private static final WeightShape SHAPE = new WeightShape(8, 3, 3, 16);

    @ParameterizedTest
    @ValueSource(
            strings = {"2:4", "1:4/g4", "unstructured@0.75", "unstructured@0.9375/erk", "fan_in@0.9", "fan_in@0.05/erk",
                "unstructured@0", "fan_in@0.902777777777777778"})
    void readsWhatItWrites(String text) {
        SparsityPattern pattern = SparsityPattern.parse(text);
        assertThat(SparsityPattern.parse(pattern.toString())).isEqualTo(pattern);
        assertThat(SparsityPattern.parse("  " + text + " ")).isEqualTo(pattern);
    }

    @ParameterizedTest
    @CsvSource({
        "2:4, 0.5", "1:4/g4, 0.25", "unstructured@0.75, 0.25", "unstructured@0.9, 0.1", "fan_in@0.9/erk, 0.1",
        "fan_in@.95, 0.05", "unstructured@0, 1"
    })
    void theNumberIsTheShareOfZeros(String text, double density) {
        assertThat(SparsityPattern.parse(text).density()).isEqualTo(density);
        assertThat(SparsityPattern.parse(text).isDense()).isEqualTo(density == 1);
    }

    @Test
    void writesShortForms() {
        assertThat(new UnstructuredPattern(0.25)).hasToString("unstructured@0.75");
        assertThat(new FanInPattern(0.1, DensityDistribution.ERK)).hasToString("fan_in@0.9/erk");
        assertThat(new UnstructuredPattern(1)).hasToString("unstructured@0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "dense", "75%", "unstructured", "unstructured@", "unstructured@1", "unstructured@1.5",
                "unstructured@-0.5", "unstructured@0.75/g4", "unstructured@0.75/ERK", "fan_in@two", "fanin@0.9",
                "fan_in@0.9/erk/erk", "4:2", "0.75", "unstructured@NaN"})
    void refusesNonsenseAndSaysWhatIsExpected(String text) {
        assertThatThrownBy(() -> SparsityPattern.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text.strip())
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
    void refusesDensitiesThatKeepNothingOrMoreThanAll(double density) {
        assertThatThrownBy(() -> new UnstructuredPattern(density)).hasMessageContaining("above 0, at most 1");
        assertThatThrownBy(() -> new FanInPattern(density)).hasMessageContaining("above 0, at most 1");
    }

    @Test
    void keepsTheNearestWholeNumberAndAtLeastOne() {
        assertThat(new UnstructuredPattern(0.25).kept(SHAPE)).isEqualTo(288);
        assertThat(new FanInPattern(0.1).kept(SHAPE)).isEqualTo(14);
        assertThat(new FanInPattern(0.001).kept(SHAPE)).isEqualTo(1);
        assertThat(new UnstructuredPattern(1e-6).kept(SHAPE)).isEqualTo(1);
    }

    @Test
    void anyShapeFitsAllButNm() {
        WeightShape odd = new WeightShape(5, 3, 3, 7);
        assertThat(SparsityPattern.parse("1:4").fit(odd).sparse()).isFalse();
        assertThat(SparsityPattern.parse("unstructured@0.75").fit(odd))
                .isEqualTo(new Sparsifiability(true, "keeps 79 of 315 weights"));
        assertThat(SparsityPattern.parse("fan_in@0.75").fit(odd))
                .isEqualTo(new Sparsifiability(true, "each output keeps 16 of 63 weights"));
    }

    /** 14 of 144 weights and 2 of 16: a layer's own density is what it keeps, not what was asked for. */
    @Test
    void aLayersOwnPatternSaysExactlyWhatItKeeps() {
        List<WeightShape> shapes = List.of(SHAPE, WeightShape.linear(3, 16));
        List<FanInPattern> own = new FanInPattern(0.1).perLayer(shapes);
        assertThat(own).extracting(FanInPattern::density).containsExactly(14.0 / 144, 2.0 / 16);
        assertThat(own.get(0).kept(SHAPE)).isEqualTo(14);
        assertThat(new UnstructuredPattern(0.1).perLayer(shapes))
                .containsExactly(new UnstructuredPattern(115.0 / 1152), new UnstructuredPattern(5.0 / 48));
        NmPattern nm = new NmPattern(2, 4);
        assertThat(nm.perLayer(shapes)).containsExactly(nm, nm);
    }

    @Test
    void relaxesToAtLeastItself() {
        assertThat(SparsityPattern.parse("2:8/g4").relaxedTo(0.7)).hasToString("6:8/g4");
        assertThat(SparsityPattern.parse("2:8").relaxedTo(0.1)).hasToString("2:8");
        assertThat(SparsityPattern.parse("unstructured@0.75").relaxedTo(0.7)).hasToString("unstructured@0.3");
        assertThat(SparsityPattern.parse("fan_in@0.75").relaxedTo(0.2)).hasToString("fan_in@0.75");
    }
}
