package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.method.LayerStatistics;
import org.junit.jupiter.api.Test;

class RunProgressTest {

    @Test
    void theFlipRateIsThatOfTheWholeRunThoughTheMaskRestsAtItsEnd() {
        RunProgress progress = RunProgress.START;
        assertThat(progress.meanFlipRate("conv")).isNaN();

        // One update in the first epoch, three in the second, none in the last.
        progress = progress.step(1).endEpoch(0.5, 0.25, List.of(new LayerStatistics("conv", 0.25, 1, 0.25, 0, 0.5)));
        progress = progress.step(1).endEpoch(0.5, 0.25, List.of(new LayerStatistics("conv", 0.25, 3, 0.125, 0, 0.5)));
        progress = progress.step(1).endEpoch(0.5, 0.25, List.of(new LayerStatistics("conv", 0.25, 0, 0, 0, 0.5)));

        assertThat(progress.meanFlipRate("conv")).isEqualTo((0.25 + 3 * 0.125) / 4);
        assertThat(progress.meanFlipRate("never masked")).isZero();
    }
}
