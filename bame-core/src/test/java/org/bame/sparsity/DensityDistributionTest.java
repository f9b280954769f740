package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DensityDistributionTest {
    @Test
    void uniformGivesAllTheSame() {
        List<WeightShape> shapes = List.of(WeightShape.linear(4, 4), new WeightShape(64, 3, 3, 64));
        assertThat(DensityDistribution.UNIFORM.densities(shapes, 0.3)).containsExactly(0.3, 0.3);
    }

    /**
     * By hand: sums of extents are 8 + 4 + 3 + 3 = 18 and 16 + 8 + 1 + 1 = 26, of 288 and 128 weights; kept are 0.125 * 416 =
     * 52, shared as 18 to 26: 21.27 and 30.73.
     */
    @Test
    void erkSharesByTheSumOfExtents() {
        List<WeightShape> shapes = List.of(new WeightShape(8, 3, 3, 4), WeightShape.linear(16, 8));
        double[] densities = DensityDistribution.ERK.densities(shapes, 0.125);
        assertThat(densities[0]).isEqualTo(52 * 18.0 / 44 / 288, within(1e-12));
        assertThat(densities[1]).isEqualTo(52 * 26.0 / 44 / 128, within(1e-12));
    }

    /**
     * By hand: extents 2 + 2 + 1 + 1 = 6 of 4 weights, 18 of 288, 26 of 128. Of 0.25 * 420 = 105 weights the first would get
     * 105 * 6 / 50 = 12.6 of 4, so it is dense; the others share 101 as 18 to 26: 41.3 of 288, 59.7 of 128.
     */
    @Test
    void erkCapsAtOneAndScalesTheOthers() {
        List<WeightShape> shapes =
                List.of(WeightShape.linear(2, 2), new WeightShape(8, 3, 3, 4), WeightShape.linear(16, 8));
        double[] densities = DensityDistribution.ERK.densities(shapes, 0.25);
        assertThat(densities[0]).isEqualTo(1);
        assertThat(densities[1]).isEqualTo(101 * 18.0 / 44 / 288, within(1e-12));
        assertThat(densities[2]).isEqualTo(101 * 26.0 / 44 / 128, within(1e-12));
    }

    @Test
    void erkKeepsTheShareAskedForWhateverTheLayers() {
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 200; trial++) {
            List<WeightShape> shapes = IntStream.range(0, 1 + random.nextInt(12))
                    .mapToObj(i -> new WeightShape(
                            1 + random.nextInt(64), 1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(64)))
                    .toList();
            double density = trial % 20 == 0 ? 1 : 0.01 + 0.98 * random.nextDouble();
            double[] densities = DensityDistribution.ERK.densities(shapes, density);
            assertThat(DoubleStream.of(densities).allMatch(d -> d > 0 && d <= 1)).isTrue();
            double kept = IntStream.range(0, densities.length)
                    .mapToDouble(i -> densities[i] * shapes.get(i).size())
                    .sum();
            double all = shapes.stream().mapToDouble(WeightShape::size).sum();
            assertThat(kept / all).isEqualTo(density, within(1e-9));
        }
    }
}
