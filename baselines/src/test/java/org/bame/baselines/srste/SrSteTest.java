package org.bame.baselines.srste;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.method.LayerRandom;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class SrSteTest {
    private static final MethodContext CONTEXT = new MethodContext(new NmPattern(1, 4), 40, 5, 0.9, 7);

    private static final WeightShape SHAPE = new WeightShape(4, 3, 3, 8);
    private static final int STEPS = 40;

    @Test
    void trainsAsThePaperSays() {
        float[] ste = reference(0);
        assertThat(run(new SteMethodFactory().create(new SteConfiguration(), CONTEXT))).isEqualTo(ste);
        assertThat(run(new SrSteMethodFactory().create(new SrSteConfiguration(0), CONTEXT))).isEqualTo(ste);
        assertThat(run(new SrSteMethodFactory().create(new SrSteConfiguration(0.1), CONTEXT)))
                .isEqualTo(reference(0.1f))
                .isNotEqualTo(ste);
    }

    /** methods.md 5.1, for N = 1, on the loss and optimizer of {@link FakeNetwork}, in its precision. */
    private static float[] reference(float lambda) {
        float[] w = new FakeNetwork(STEPS, SHAPE, CONTEXT.pattern()).weightValues();
        float[] momentum = new float[w.length];
        int m = CONTEXT.nm().m();
        for (int step = 0; step < STEPS; step++) {
            boolean[] kept = new boolean[w.length];
            for (int block = 0; block < w.length; block += m) {
                int best = block;
                for (int i = block; i < block + m; i++) {
                    best = Math.abs(w[i]) > Math.abs(w[best]) ? i : best;
                }
                kept[best] = true;
            }
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                float g = (float) ((kept[i] ? w[i] : 0) - (jitter.nextDouble() - 0.5) / 10);
                g = kept[i] ? g : g + lambda * w[i];
                momentum[i] = (float) (0.9 * momentum[i] + g + 1e-2 * w[i]);
                w[i] = (float) (w[i] - 0.05 * momentum[i]);
            }
        }
        return w;
    }

    /**
     * Two blocks of 2:4, worked out by hand from methods.md 5.1: the largest two magnitudes of 3 -1 2 -4 and of 5 5 -5 1 (the
     * tie goes to the lower positions) are kept; the forward product multiplies by them as they are; the gradient passes
     * to all weights, and the others are pulled to 0 by lambda w.
     */
    @Test
    void goldenVectorOfMaskWeightsAndGradient() {
        NmPattern pattern = new NmPattern(2, 4);
        FakeNetwork network = network(pattern, 3, -1, 2, -4, 5, 5, -5, 1);
        MethodContext context = new MethodContext(pattern, 40, 5, 0.9, 7);
        TrainingMethod method = new SrSteMethodFactory().create(new SrSteConfiguration(0.5), context);
        method.attach(List.of(network));

        ProductPlan plan = method.plan(0, network.now());
        boolean[] expected = {true, false, false, true, true, true, false, false};
        for (int i = 0; i < 8; i++) {
            assertThat(((Support.Masked) plan.forward()).mask().get(i)).as("weight %d", i).isEqualTo(expected[i]);
        }
        assertThat(plan.inputGradient()).isEqualTo(plan.forward());
        assertThat(plan.weightGradient()).isEqualTo(Support.DENSE);
        assertThat(plan.effectiveWeights()).isNull();

        method.transformGradients(network.now());
        double[] gradient = {1, 1 - 0.5, 1 + 1, 1, 1, 1, 1 - 2.5, 1 + 0.5};
        for (int i = 0; i < 8; i++) {
            assertThat(network.gradient().get(i)).as("weight %d", i).isEqualTo(gradient[i]);
        }
    }

    /** One output with these weights, and 1 for the gradient of each. */
    private static FakeNetwork network(NmPattern pattern, double... weights) {
        FakeNetwork network = new FakeNetwork(STEPS, WeightShape.linear(1, weights.length), pattern);
        for (int i = 0; i < weights.length; i++) {
            network.weights().set(i, weights[i]);
            network.gradient().set(i, 1);
        }
        return network;
    }

    @Test
    void decayMustNotBeNegative() {
        assertThat(new SrSteMethodFactory().problems(new SrSteConfiguration(-1), CONTEXT))
                .containsExactly("lambda is -1.0, expected at least 0");
    }

    private static float[] run(TrainingMethod method) {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, CONTEXT.pattern());
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        return network.weightValues();
    }
}
