package org.bame.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bame.harness.report.plot.XyPlot.Point;
import org.bame.harness.report.plot.XyPlot.Role;
import org.bame.harness.report.plot.XyPlot.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MethodPanelsTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "8, 2", "14, 2", "15, 3", "24, 4"})
    void showsEachMethodOnceAndDenseEverywhere(int methods, int figures) {
        RunGroup dense = new RunGroup("w", "dense", "dense", List.of());
        List<RunGroup> compared = IntStream.range(0, methods)
                .mapToObj(i -> new RunGroup("w", "method" + i, "1:4", List.of()))
                .toList();
        List<RunGroup> all = new ArrayList<>(compared);
        all.add(methods / 2, dense);

        List<MethodPanels> panels = MethodPanels.of(all);

        assertThat(panels).hasSize(figures).allSatisfy(one -> {
            assertThat(one.shown()).hasSizeBetween(2, 8).startsWith(dense);
            assertThat(one.others()).hasSize(all.size() - one.shown().size()).doesNotContainAnyElementsOf(one.shown());
        });
        assertThat(panels.stream().flatMap(one -> one.shown().stream().skip(1))).containsExactlyElementsOf(compared);
    }

    @Test
    void othersAreFaintAndDenseIsTheReference() {
        List<RunGroup> all = new ArrayList<>(List.of(new RunGroup("w", "dense", "dense", List.of())));
        IntStream.range(0, 8).forEach(i -> all.add(new RunGroup("w", "method" + i, "1:4", List.of())));

        List<Series> series = MethodPanels.of(all).getFirst().points(group -> new Point(1, 2));

        assertThat(series.getFirst().role()).isEqualTo(Role.CONTEXT);
        assertThat(series.getFirst().points()).hasSize(4);
        assertThat(series.get(1).role()).isEqualTo(Role.REFERENCE);
        assertThat(series.stream().skip(2)).allSatisfy(one -> assertThat(one.role()).isEqualTo(Role.COMPARED));
    }
}
