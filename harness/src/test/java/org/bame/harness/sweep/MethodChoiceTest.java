package org.bame.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import org.bame.baselines.Baselines;
import org.bame.method.MethodFactory;
import org.junit.jupiter.api.Test;

class MethodChoiceTest {
    /** Not those either that are dense at the end alone, such as fst. */
    @Test
    void onlyDenseTrainingIgnoresThePattern() {
        for (MethodFactory<?> factory : Baselines.all()) {
            assertThat(ignoresPattern(factory)).as(factory.name()).isEqualTo(factory.name().equals("dense"));
        }
    }

    private static <C extends Record> boolean ignoresPattern(MethodFactory<C> factory) {
        return new MethodChoice<>(factory, "", factory.defaults()).ignoresPattern();
    }
}
