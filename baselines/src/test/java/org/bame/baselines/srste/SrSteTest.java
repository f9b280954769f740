package org.bame.baselines.srste;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.method.LayerRandom;
import org.bame.method.MethodContext;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
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
