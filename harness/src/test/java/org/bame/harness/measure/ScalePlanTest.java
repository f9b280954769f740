package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bame.sparsity.NmPattern;
import org.junit.jupiter.api.Test;

class ScalePlanTest {

    private static final NmPattern QUARTER = new NmPattern(1, 4);
    private static final ScalePoint BASE = new ScalePoint(64, 1, 2, QUARTER);
    private static final ScalePlan PLAN = new ScalePlan(
            BASE, List.of(32, 64), List.of(1, 4), List.of(1, 2), List.of(NmPattern.DENSE, new NmPattern(1,
                    8)));

    @Test
    void everyPointDiffersInOneFactorFromTheBaseOrItsDenseTwin() {
        List<ScalePoint> points = PLAN.points();
        assertThat(points).startsWith(BASE).doesNotHaveDuplicates().hasSize(2 * 4 + 1);
        assertThat(points).allSatisfy(point -> {
            long axes = List.of(ScaleAxis.values()).stream()
                    .filter(axis -> axis.joins(point, BASE) || axis.joins(point, BASE.dense()))
                    .count();
            assertThat(axes).isPositive();
        });
        assertThat(points).filteredOn(point -> ScaleAxis.DENSITY.joins(point, BASE))
                .extracting(ScalePoint::patternName)
                .containsExactlyInAnyOrder("dense", "1:4", "1:8");
        assertThat(points).filteredOn(point -> ScaleAxis.WIDTH.joins(point, BASE.dense()))
                .extracting(ScaleAxis.WIDTH::at)
                .containsExactlyInAnyOrder(1.0, 4.0);
    }

    @Test
    void theStudyMeasuresEachPointOnceAndEndsAtAll() {
        List<ScalePoint> asked = new ArrayList<>();
        List<Long> progress = new ArrayList<>();
        ScaleStudy study = new ScaleStudy(
                PLAN,
                point -> {
                    asked.add(point);
                    return new ScaleMeasurement.Figures("p", new Spread(2e9, 1e9, 3e9), 5);
                },
                ScalePoint::batch,
                new MeasureObserver() {
                    @Override
                    public void progress(String what, long done, long total) {
                        progress.add(total - done);
                    }

                    @Override
                    public void note(String text) {
                        throw new AssertionError(text);
                    }
                });

        List<ScaleMeasurement> measured = study.run(any -> {});

        assertThat(asked).isEqualTo(PLAN.points());
        assertThat(measured.getFirst().imagesPerSecond()).isEqualTo(32);
        assertThat(progress).isSortedAccordingTo((a, b) -> Long.compare(b, a)).endsWith(0L);
    }
}
