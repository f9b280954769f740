package org.bame.harness.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bame.baselines.dynamic.Growth;
import org.bame.baselines.rigl.RiglMethodFactory;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.UnstructuredPattern;
import org.junit.jupiter.api.Test;

class PatternSupportTest {
    @Test
    void refusesAPatternAndNamesTheMethodToUseInstead() {
        RiglMethodFactory rigl = new RiglMethodFactory(Growth.GRADIENT);
        Problems problems = new Problems();
        assertThat(PatternSupport.check(rigl, new UnstructuredPattern(0.1), "--pattern", problems)).isTrue();
        assertThat(problems.count()).isZero();
        assertThat(PatternSupport.check(rigl, new NmPattern(1, 4), "--pattern", problems)).isFalse();
        assertThatThrownBy(problems::throwIfAny)
                .hasMessageContainingAll("'1:4' for rigl", "such as unstructured@0.75", "In N:M blocks nm-rigl");
    }
}
