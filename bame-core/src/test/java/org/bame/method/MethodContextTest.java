package org.bame.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.junit.jupiter.api.Test;

class MethodContextTest {
    private final MethodContext context = new MethodContext(SparsityPattern.parse("2:4/g2"), 100, 10, 0.9, 7);

    @Test
    void handsOutNmPatternsAlone() {
        assertThat(context.nm()).isEqualTo(new NmPattern(2, 4, 2));
        MethodContext other = context.withPattern(SparsityPattern.parse("fan_in@0.9"));
        assertThat(other.pattern()).hasToString("fan_in@0.9");
        assertThat(other.seed()).isEqualTo(7);
        assertThatThrownBy(other::nm)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fan_in@0.9")
                .hasMessageContaining("expected N:M");
    }
}
