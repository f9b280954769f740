package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.bame.layer.LayerReport;
import org.bame.layer.ProductReport;
import org.bame.sparsity.LayerKind;
import org.junit.jupiter.api.Test;

class LayerTotalsTest {
    /** A run that a process ended while it sampled gradients goes on densely: what the row adds up was partly simulated. */
    @Test
    void whatWasSimulatedOnceStaysSo() {
        List<LayerTotals> first = LayerTotals.sum(List.of(), List.of(report(3, false)));
        List<LayerTotals> both = LayerTotals.sum(first, List.of(report(4, true)));
        assertThat(both.getFirst().product(Product.WEIGHT_GRADIENT))
                .isEqualTo(new LayerTotals.Totals(7, 70, 700, true));
        assertThat(both.getFirst().product(Product.FORWARD)).isEqualTo(new LayerTotals.Totals(7, 70, 700, false));
    }

    private static LayerReport report(long calls, boolean executed) {
        ProductReport sparse = new ProductReport(calls, 10 * calls, 100 * calls, 0.5, true);
        ProductReport dense = new ProductReport(calls, 10 * calls, 100 * calls, 1, executed);
        return new LayerReport(
                "layer",
                LayerKind.CONV3X3,
                new ConvolutionShape(new FeatureShape(4, 8, 8), 4, 3, 3, 1, 1, 1),
                true,
                "",
                calls,
                sparse,
                sparse,
                dense);
    }
}
