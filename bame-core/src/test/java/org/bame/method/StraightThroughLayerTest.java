package org.bame.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bame.method.FakeNetwork.FakeLayer;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class StraightThroughLayerTest {
    private static final NmPattern PATTERN = new NmPattern(2, 4);
    private static final WeightShape SHAPE = WeightShape.linear(5, 20);

    @Test
    void masksForwardAndInputGradientAndDecaysTheMasked() {
        FakeNetwork network = new FakeNetwork(10, 1, PATTERN, WeightShape.linear(1, 4));
        FakeLayer layer = network.layer(0);
        float[] weights = {0.5f, -1, 0.25f, 2};
        for (int i = 0; i < 4; i++) {
            layer.weights().set(i, weights[i]);
            layer.gradient().set(i, 1);
        }
        TrainingMethod method = StraightThroughLayer.method("sr-ste", PATTERN, 0.5);
        method.attach(network.masked());
        ProductPlan plan = method.plan(0, network.now());
        Mask mask = ((Support.Masked) plan.forward()).mask();
        assertThat(List.of(mask.get(0), mask.get(1), mask.get(2), mask.get(3)))
                .containsExactly(false, true, false, true);
        assertThat(plan.inputGradient()).isEqualTo(plan.forward());
        assertThat(plan.weightGradient()).isEqualTo(Support.DENSE);
        assertThat(plan.effectiveWeights()).isNull();
        method.transformGradients(network.now());
        double[] expected = {1.25, 1, 1.125, 1};
        for (int i = 0; i < 4; i++) {
            assertThat(layer.gradient().get(i)).isEqualTo(expected[i], within(1e-7));
        }
    }

    /** Sums of magnitudes by position: 1, 1.25, 2.25, 2.25. */
    @Test
    void outputsThatSharePositionsAreMaskedAndDecayTogether() {
        NmPattern pattern = NmPattern.parse("2:4/g2");
        FakeNetwork network = new FakeNetwork(10, 1, pattern, WeightShape.linear(2, 4));
        FakeLayer layer = network.layer(0);
        float[] weights = {0.5f, -1, 0.25f, 2, 0.5f, 0.25f, -2, 0.25f};
        for (int i = 0; i < 8; i++) {
            layer.weights().set(i, weights[i]);
            layer.gradient().set(i, 1);
        }
        TrainingMethod method = StraightThroughLayer.method("sr-ste", pattern, 0.5);
        method.attach(network.masked());
        Mask mask = mask(method, network);
        assertThat(mask.rowGroup()).isEqualTo(2);
        method.transformGradients(network.now());
        double[] expected = {1.25, 0.5, 1, 1, 1.25, 1.125, 1, 1};
        for (int i = 0; i < 8; i++) {
            assertThat(mask.get(i)).isEqualTo(i % 4 >= 2);
            assertThat(layer.gradient().get(i)).isEqualTo(expected[i], within(1e-7));
        }
    }

    @Test
    void planningTwiceChangesNothingAndFlipsAreCountedOnce() {
        FakeNetwork network = new FakeNetwork(50, 2, PATTERN, SHAPE);
        TrainingMethod method = StraightThroughLayer.method("ste", PATTERN, 0);
        method.attach(network.masked());
        Mask before = null;
        long flips = 0;
        for (int step = 0; step < 20; step++) {
            Mask mask = mask(method, network);
            long version = mask.version();
            assertThat(mask(method, network).version()).isEqualTo(version);
            MaskPromise.EXACT.require(mask, PATTERN);
            flips += before == null ? 0 : mask.difference(before);
            before = mask.copy();
            network.train(method);
        }
        LayerStatistics statistics = method.statistics().getFirst();
        assertThat(flips).isPositive();
        assertThat(statistics.maskUpdates()).isEqualTo(19);
        assertThat(statistics.flipRate()).isEqualTo(flips / 19.0 / SHAPE.size(), within(1e-12));
        assertThat(statistics.density()).isEqualTo(0.5);
        assertThat(statistics.everActiveShare()).isBetween(0.5, 1.0);
        assertThat(method.statistics().getFirst().flipRate()).isZero();
    }

    private static Mask mask(TrainingMethod method, FakeNetwork network) {
        return ((Support.Masked) method.plan(0, network.now()).forward()).mask();
    }
}
