package org.bame.method;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class LayerwiseMethodTest {
    private static final NmPattern PATTERN = new NmPattern(2, 4);

    @Test
    void refusesAnotherMethodsState() {
        FakeNetwork network = new FakeNetwork(10, 1, WeightShape.linear(2, 8));
        TrainingMethod saved = StraightThroughLayer.method("ste", PATTERN, 0);
        saved.attach(network.masked());
        assertThatThrownBy(() -> network.moveTo(saved, StraightThroughLayer.method("sr-ste", PATTERN, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("method is 'ste', expected 'sr-ste'");
    }

    @Test
    void refusesToServeTwoNetworks() {
        TrainingMethod method = StraightThroughLayer.method("ste", PATTERN, 0);
        method.attach(new FakeNetwork(10, 1, WeightShape.linear(2, 8)).masked());
        assertThatThrownBy(() -> method.attach(new FakeNetwork(10, 1, WeightShape.linear(2, 8)).masked()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already attached");
    }
}
