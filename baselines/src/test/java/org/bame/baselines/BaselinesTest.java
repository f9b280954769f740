package org.bame.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method of this module promises. */
class BaselinesTest {
    private static final int STEPS = 60;
    private static final NmPattern PATTERN = new NmPattern(2, 8);
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 16);
    private static final MethodContext CONTEXT =
            new MethodContext(PATTERN, STEPS, FakeNetwork.STEPS_PER_EPOCH, 0.9, 7);

    static Stream<MethodFactory<?>> factories() {
        return Baselines.all().stream();
    }

    @Test
    void namesAreWhatUsersType() {
        assertThat(factories().map(MethodFactory::name)).containsExactly("dense", "ste", "sr-ste", "maxq", "static");
        assertThat(factories()).allSatisfy(factory -> {
            assertThat(factory.summary()).isNotBlank();
            assertThat(factory.reference()).isNotBlank();
        });
    }

    @ParameterizedTest
    @MethodSource("factories")
    void defaultsAreSoundAndEndOnThePattern(MethodFactory<?> factory) {
        TrainingMethod method = create(factory);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        int most = factory.name().equals("dense") ? PATTERN.m() : PATTERN.n();
        Mask mask = network.mask(method);
        for (int block = 0; block < SHAPE.blocks(PATTERN); block++) {
            assertThat(mask.count(block * PATTERN.m(), (block + 1) * PATTERN.m())).isLessThanOrEqualTo(most);
        }
        assertThat(mask.density()).isEqualTo(costs(factory).deployedDensity());
    }

    @ParameterizedTest
    @MethodSource("factories")
    void planningTwiceChangesNothing(MethodFactory<?> factory) {
        TrainingMethod method = create(factory);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            Mask mask = network.mask(method);
            long version = mask.version();
            float[] weights = network.weightValues();
            assertThat(method.plan(0, network.now())).isEqualTo(method.plan(0, network.now()));
            assertThat(network.mask(method).version()).isEqualTo(version);
            assertThat(network.weightValues()).isEqualTo(weights);
            network.train(method);
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void restoredRunsContinueBitByBit(MethodFactory<?> factory) throws IOException {
        for (int steps : new int[]{0, 1, 7, 20, 33}) {
            for (boolean evaluated : new boolean[]{false, true}) {
                TrainingMethod method = create(factory);
                FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
                method.attach(List.of(network));
                for (int step = 0; step < steps; step++) {
                    network.train(method);
                }
                if (evaluated) {
                    method.plan(0, network.now());
                }
                TrainingMethod restored = create(factory);
                FakeNetwork copy = network.moveTo(method, restored);
                for (int step = steps; step < STEPS; step++) {
                    network.train(method);
                    copy.train(restored);
                }
                assertThat(copy.weightValues()).isEqualTo(network.weightValues());
                assertThat(restored.statistics()).isEqualTo(method.statistics());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("factories")
    void noAccountChargesLessThanWhatKernelsSkip(MethodFactory<?> factory) {
        CostModel costs = costs(factory);
        for (int step = 0; step < STEPS; step++) {
            double executed = costs.at(Account.CPU_EXECUTED, step).sum();
            assertThat(costs.at(Account.PAPER, step).sum()).isBetween(executed, 3.0);
            assertThat(costs.at(Account.NM_HARDWARE, step).sum()).isBetween(executed, 3.0);
        }
    }

    private static <C extends Record> TrainingMethod create(MethodFactory<C> factory) {
        assertThat(factory.problems(factory.defaults(), CONTEXT)).isEmpty();
        return factory.create(factory.defaults(), CONTEXT);
    }

    private static <C extends Record> CostModel costs(MethodFactory<C> factory) {
        return factory.costs(factory.defaults(), CONTEXT);
    }
}
