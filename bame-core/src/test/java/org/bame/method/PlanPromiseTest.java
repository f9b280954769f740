package org.bame.method;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class PlanPromiseTest {
    private static final NmPattern PATTERN = new NmPattern(1, 2);
    private static final WeightShape SHAPE = new WeightShape(2, 1, 1, 2);
    private static final PlanPromise BOTH_WAYS = PlanPromise.EXACT.and(
            OutputAxisPromise.inMemoryOrder(PATTERN, SHAPE));

    @Test
    void aDensePhaseNeedsNoPromise() {
        assertThatCode(() -> BOTH_WAYS.require(ProductPlan.DENSE, PATTERN)).doesNotThrowAnyException();
    }

    @Test
    void anInputGradientThatThinsADenseForwardProductIsFoundOut() {
        Support mask = Support.of(Mask.empty(SHAPE));
        ProductPlan plan = ProductPlan.of(Support.DENSE, mask, Support.DENSE);
        assertThatThrownBy(() -> BOTH_WAYS.require(plan, PATTERN))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runs on a mask and the forward product on none, expected");
    }
}
