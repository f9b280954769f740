package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    private static final Optional<SparsityPattern> QUARTER = Optional.of(new NmPattern(1, 4));

    @Test
    void quantilesInterpolateBetweenRanks() {
        Spread spread = Spread.of(new long[]{50, 10, 30, 20, 40});
        assertThat(spread.medianNanos()).isEqualTo(30);
        assertThat(spread.p10Nanos()).isEqualTo(14, within(1e-9));
        assertThat(spread.p90Nanos()).isEqualTo(46, within(1e-9));
        assertThat(Spread.of(new long[]{10, 20}).medianNanos()).isEqualTo(15);
        assertThat(Spread.of(new long[]{7})).isEqualTo(new Spread(7, 7, 7));
        assertThatThrownBy(() -> Spread.of(new long[0])).hasMessageContaining("at least 1");
    }

    @Test
    void geometricMeanOfAFactorAndItsInverseIsOne() {
        GeometricMean mean = new GeometricMean();
        assertThat(mean.value()).isNaN();
        mean.add(2);
        mean.add(8);
        assertThat(mean.value()).isEqualTo(4, within(1e-12));
        mean.add(1.0 / 16);
        assertThat(mean.value()).isEqualTo(1, within(1e-12));
        assertThatThrownBy(() -> mean.add(0)).hasMessageContaining("above 0");
    }

    @Test
    void summaryAveragesEachPatternOverItsShapes() {
        List<KernelMeasurement> measured = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            KernelShape shape = new KernelShape(ConvolutionShape.linear(8, 8 + i), 4, 1 + 2 * i);
            for (Product product : Product.values()) {
                measured.add(measurement(shape, Optional.of(product), Optional.empty(), 1, 100));
                measured.add(measurement(shape, Optional.of(product), QUARTER, i == 0 ? 2 : 8, 50));
            }
            measured.add(measurement(shape, Optional.empty(), Optional.empty(), 1, 90));
            measured.add(measurement(shape, Optional.empty(), QUARTER, i == 0 ? 1 : 4, i == 0 ? 40 : 10));
        }

        List<KernelSummary> summaries = KernelSummary.of(measured);

        assertThat(summaries).extracting(KernelSummary::pattern).containsExactly(Optional.empty(), QUARTER);
        KernelSummary sparse = summaries.get(1);
        assertThat(sparse.shapes()).isEqualTo(2);
        assertThat(sparse.together().speedupVsDense()).isEqualTo(2, within(1e-12));
        assertThat(sparse.together().gflops()).isEqualTo(20, within(1e-12));
        // One layer at 1x and three at 4x, each of 1 ns.
        assertThat(sparse.network().nanos()).isEqualTo(4, within(1e-12));
        assertThat(sparse.network().speedupVsDense()).isEqualTo(13.0 / 4, within(1e-12));
        assertThat(sparse.products().get(Product.WEIGHT_GRADIENT).speedupVsDense()).isEqualTo(4, within(1e-12));
    }

    @Test
    void shapesAreNamedByTheirExtents() {
        KernelShape shape =
                new KernelShape(ConvolutionShape.square(new FeatureShape(64, 16, 16), 128, 3, 2, 1), 128);
        assertThat(shape.name()).isEqualTo("3x3 64->128 16x16 s2 p1 b128");
        assertThat(shape.takes(new NmPattern(1, 64))).isTrue();
        assertThat(shape.takes(new NmPattern(1, 3))).isFalse();
    }

    private static KernelMeasurement measurement(
            KernelShape shape, Optional<Product> product, Optional<SparsityPattern> pattern, double speedup, double gflops) {
        return new KernelMeasurement("p", shape, product, pattern, 2, new Spread(1, 1, 1), gflops, speedup, 0,
                Optional.empty(), Double.NaN);
    }
}
