package org.bame.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInput;
import java.io.DataOutput;
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

    @Test
    void adaptationsAreInTheOrderOfTheirSteps() {
        WeightShape shape = WeightShape.linear(2, 8);
        LayerwiseMethod<Adapting> method =
                new LayerwiseMethod<>("adapting", "none", (index, layer) -> new Adapting("layer " + index));
        method.attach(new FakeNetwork(10, 1, PATTERN, shape, shape).masked());
        assertThat(method.drainAdaptations())
                .extracting(adaptation -> adaptation.step() + " " + adaptation.layer())
                .containsExactly("3 layer 0", "3 layer 1", "6 layer 0", "6 layer 1");
    }

    /** A layer's part that has adapted its mask at steps 3 and 6. */
    private record Adapting(String name) implements LayerMethod {
        @Override
        public ProductPlan plan(Step step) {
            return ProductPlan.DENSE;
        }

        @Override
        public LayerStatistics drainStatistics() {
            return new LayerStatistics(name, 1, 0, 0, 0, 1);
        }

        @Override
        public List<Adaptation> drainAdaptations() {
            return List.of(new Adaptation(name, 3, 0, 0, 0, 0, 0, 0, 0), new Adaptation(name, 6, 0, 0, 0, 0, 0, 0, 0));
        }

        @Override
        public void save(DataOutput out) {}

        @Override
        public void restore(DataInput in) {}
    }
}
