package org.bame.baselines.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class StaticTest {
    private static final NmPattern PATTERN = new NmPattern(1, 4);
    private static final WeightShape SHAPE = new WeightShape(4, 3, 3, 8);

    @Test
    void maskIsTheSeedsAndStays() {
        FakeNetwork network = new FakeNetwork(20, SHAPE, PATTERN);
        TrainingMethod method = create(7, network);
        Mask first = network.mask(method).copy();
        MaskPromise.EXACT.require(first, PATTERN);
        ProductPlan plan = method.plan(0, network.now());
        assertThat(plan.inputGradient()).isEqualTo(plan.forward());
        assertThat(plan.weightGradient()).isEqualTo(plan.forward());
        for (int step = 0; step < 20; step++) {
            network.train(method);
            float[] weights = network.weightValues();
            for (int i = 0; i < weights.length; i++) {
                assertThat(weights[i] != 0).isEqualTo(first.get(i));
            }
        }
        assertThat(network.mask(method).difference(first)).isZero();
        FakeNetwork sameSeed = new FakeNetwork(20, SHAPE, PATTERN);
        assertThat(sameSeed.mask(create(7, sameSeed)).difference(first)).isZero();
        FakeNetwork otherSeed = new FakeNetwork(20, SHAPE, PATTERN);
        assertThat(otherSeed.mask(create(8, otherSeed)).difference(first)).isPositive();
    }

    private static TrainingMethod create(long seed, FakeNetwork network) {
        TrainingMethod method = new StaticMethodFactory()
                .create(new StaticConfiguration(), new MethodContext(PATTERN, 20, 5, 0.9, seed));
        method.attach(List.of(network));
        return method;
    }
}
