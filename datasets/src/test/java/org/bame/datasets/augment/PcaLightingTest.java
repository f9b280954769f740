package org.bame.datasets.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.ImageShape;
import org.junit.jupiter.api.Test;

final class PcaLightingTest {

    private static final ImageShape SHAPE = new ImageShape(3, 2, 2);

    @Test
    void addsOneColourToAllPixelsOfAnImage() {
        float[] features = new float[SHAPE.size() + 2];
        new PcaLighting(SHAPE, ChannelStatistics.IMAGENET, 0.1, 5).apply(features, 1, 3);

        assertThat(features[0]).isZero();
        assertThat(features[13]).isZero();
        for (int at = 1; at < 13; at++) {
            assertThat(features[at]).isNotZero().isEqualTo(features[1 + (at - 1) / 4 * 4]);
        }
    }

    /** Variances and covariances are those of three independent numbers along the axes: sum of axis_i axis_j (0.1 value)^2. */
    @Test
    void coloursVaryAsTheAxesAndEigenvaluesSay() {
        ChannelStatistics statistics = new ChannelStatistics(List.of(0.0, 0.0, 0.0), List.of(1.0, 0.5, 1.0));
        PcaLighting lighting = new PcaLighting(SHAPE, statistics, 0.1, 5);
        int images = 40_000;
        double[][] products = new double[3][3];
        double[] means = new double[3];
        for (int image = 0; image < images; image++) {
            float[] features = new float[SHAPE.size()];
            lighting.apply(features, 0, image);
            double[] colour = {features[0], features[4] * 0.5, features[8]};
            for (int i = 0; i < 3; i++) {
                means[i] += colour[i] / images;
                for (int j = 0; j < 3; j++) {
                    products[i][j] += colour[i] * colour[j] / images;
                }
            }
        }
        // For example red: (0.5675 * 0.02175)^2 + (0.7192 * 0.00188)^2 + (0.4009 * 0.00045)^2 = 1.542e-4.
        double[][] expected = {
            {1.542e-4, 1.559e-4, 1.549e-4}, {1.559e-4, 1.597e-4, 1.603e-4}, {1.549e-4, 1.603e-4, 1.628e-4}};
        for (int i = 0; i < 3; i++) {
            assertThat(means[i]).isCloseTo(0, within(3e-4));
            for (int j = 0; j < 3; j++) {
                assertThat(products[i][j]).isCloseTo(expected[i][j], within(6e-6));
            }
        }
    }
}
