package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GatherPlanTest {
    /** Pixel times tile does not fit an int here. */
    @Test
    void tilesOfAScatterCoverALargeImage() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(32, 400, 400), 32, 1, 1, 0);
        Correlation gather = Correlation.forward(shape).withLongLines();
        GatherPlan plan = GatherPlan.forScatter(gather, BatchLayout.of(1), 1);
        int next = 0;
        for (int tile = 0; tile < plan.tiles(); tile++) {
            assertThat(plan.firstPixel(tile)).isEqualTo(next);
            assertThat(plan.pixels(tile)).isBetween(1, WindowCut.GROUP_TILE);
            next += plan.pixels(tile);
        }
        assertThat(next).isEqualTo(400 * 400);
    }
}
