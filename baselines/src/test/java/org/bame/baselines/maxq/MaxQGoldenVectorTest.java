package org.bame.baselines.maxq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.maxq.MaxQConfiguration.Ramp;
import org.bame.baselines.maxq.MaxQConfiguration.Schedule;
import org.bame.method.MethodContext;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One filter of a linear layer at 2:4, worked out by hand from methods.md 5.2. Weights are hundredths, 8 -1 2 -7 and
 * 3 4 -9 6, so the L1 norms of the blocks are 18 and 22. Half the filter's magnitudes, 9 8 7 6, lie above the cut, which is
 * midway between 6 and 4: at tau = 0.01 their soft masks are the sigmoids of 4, 3, 2 and 1.
 */
class MaxQGoldenVectorTest {
    private static final double[] WEIGHTS = {0.08, -0.01, 0.02, -0.07, 0.03, 0.04, -0.09, 0.06};
    private static final double LAMBDA = 0.5;
    private static final int PER_EPOCH = 5;
    private static final int EPOCHS = 12;

    private final FakeNetwork layer = new FakeNetwork(EPOCHS * PER_EPOCH, WeightShape.linear(1, WEIGHTS.length));
    private TrainingMethod method;

    /** The ramp is over after 6 of 12 epochs. */
    @BeforeEach
    void attach() {
        MethodContext context = new MethodContext(new NmPattern(2, 4), EPOCHS * PER_EPOCH, PER_EPOCH, 0.9, 1);
        MaxQConfiguration configuration =
                new MaxQConfiguration(Schedule.LINEAR, 0, 0.5, Ramp.BLOCKS, true, true, 0.01, LAMBDA);
        method = new MaxQMethodFactory().create(configuration, context);
        for (int i = 0; i < WEIGHTS.length; i++) {
            layer.weights().set(i, WEIGHTS[i]);
            layer.gradient().set(i, (i + 1) / 10.0);
        }
        method.attach(List.of(layer));
    }

    /** Epoch 3: p = 1/2 of the 2 blocks, the one of the smaller norm, is dense. */
    @Test
    void inTheMiddleOfTheRamp() {
        Step step = epoch(3);
        assertMask(step, "1111 0011");
        assertEffective(step, 0.15620593, -0.01, 0.02, -0.13165580, 0, 0, -0.17838124, 0.10386351);
        assertThat(method.promise(0, step)).isEqualTo(PlanPromise.of(MaskPromise.AT_LEAST));
        method.transformGradients(step);
        assertGradient(0.1, 0.2, 0.3, 0.4, 0.5 + 0.015, 0.6 + 0.02, 0.7, 0.8);
    }

    @Test
    void behindTheRamp() {
        Step step = epoch(6);
        assertMask(step, "1001 0011");
        assertEffective(step, 0.15620593, 0, 0, -0.13165580, 0, 0, -0.17838124, 0.10386351);
        assertThat(method.promise(0, step)).isEqualTo(PlanPromise.EXACT);
        method.transformGradients(step);
        assertGradient(0.1, 0.2 - 0.005, 0.3 + 0.01, 0.4, 0.5 + 0.015, 0.6 + 0.02, 0.7, 0.8);
    }

    private static Step epoch(int epoch) {
        return new Step((long) epoch * PER_EPOCH, (long) EPOCHS * PER_EPOCH, PER_EPOCH, 0.1);
    }

    private void assertMask(Step step, String expected) {
        ProductPlan plan = method.plan(0, step);
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < WEIGHTS.length; i++) {
            kept.append(i == 4 ? " " : "")
                    .append(((Support.Masked) plan.forward()).mask().get(i) ? 1 : 0);
        }
        assertThat(kept).hasToString(expected);
        assertThat(plan.inputGradient()).isEqualTo(plan.forward());
        assertThat(plan.weightGradient()).isEqualTo(Support.DENSE);
    }

    private void assertEffective(Step step, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(method.plan(0, step).effectiveWeights().get(i))
                    .as("weight %d", i)
                    .isEqualTo(expected[i], within(1e-7));
        }
    }

    /** The gradient passes unscaled, and masked weights are pulled to 0. */
    private void assertGradient(double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(layer.gradient().get(i)).as("weight %d", i).isEqualTo(expected[i], within(1e-7));
        }
    }
}
