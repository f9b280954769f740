package org.bame.baselines.srste;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.method.MethodContext;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class SrSteTest {
    private static final MethodContext CONTEXT = new MethodContext(new NmPattern(1, 4), 40, 5, 0.9, 7);

    @Test
    void withoutDecayItIsSte() {
        float[] ste = run(new SteMethodFactory().create(new SteConfiguration(), CONTEXT));
        assertThat(run(new SrSteMethodFactory().create(new SrSteConfiguration(0), CONTEXT))).isEqualTo(ste);
        assertThat(run(new SrSteMethodFactory().create(new SrSteConfiguration(0.1), CONTEXT))).isNotEqualTo(ste);
    }

    @Test
    void decayMustNotBeNegative() {
        assertThat(new SrSteMethodFactory().problems(new SrSteConfiguration(-1), CONTEXT))
                .containsExactly("lambda is -1.0, expected at least 0");
    }

    private static float[] run(TrainingMethod method) {
        FakeNetwork network = new FakeNetwork(40, new WeightShape(4, 3, 3, 8));
        method.attach(List.of(network));
        for (int step = 0; step < 40; step++) {
            network.train(method);
        }
        return network.weightValues();
    }
}
