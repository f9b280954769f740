package org.bame.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class LayerwiseMethodTest {
    private static final NmPattern PATTERN = new NmPattern(2, 4);

    @Test
    void refusesAnotherMethodsState() {
        FakeNetwork network = new FakeNetwork(10, 1, PATTERN, WeightShape.linear(2, 8));
        TrainingMethod saved = StraightThroughLayer.method("ste", PATTERN, 0);
        saved.attach(network.masked());
        assertThatThrownBy(() -> network.moveTo(saved, StraightThroughLayer.method("sr-ste", PATTERN, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("method is 'ste', expected 'sr-ste'");
    }

    @Test
    void refusesTheStateOfOtherChoices() {
        FakeNetwork network = new FakeNetwork(10, 1, PATTERN, WeightShape.linear(2, 8));
        TrainingMethod saved = StraightThroughLayer.method("sr-ste", PATTERN, 1);
        saved.attach(network.masked());
        for (TrainingMethod other : List.of(
                StraightThroughLayer.method("sr-ste", PATTERN, 2),
                StraightThroughLayer.method("sr-ste", new NmPattern(1, 4), 1))) {
            assertThat(other.signature()).isNotEqualTo(saved.signature());
            assertThatThrownBy(() -> network.moveTo(saved, other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("choices");
        }
        assertThat(StraightThroughLayer.method("sr-ste", PATTERN, 1).signature()).isEqualTo(saved.signature());
    }

    @Test
    void refusesToServeTwoNetworks() {
        TrainingMethod method = StraightThroughLayer.method("ste", PATTERN, 0);
        method.attach(new FakeNetwork(10, 1, PATTERN, WeightShape.linear(2, 8)).masked());
        assertThatThrownBy(() -> method.attach(new FakeNetwork(10, 1, PATTERN, WeightShape.linear(2, 8)).masked()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already attached");
    }
}
