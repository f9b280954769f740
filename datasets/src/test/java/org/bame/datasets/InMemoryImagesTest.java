package org.bame.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class InMemoryImagesTest {

    private static final ImageShape SHAPE = new ImageShape(2, 1, 2);

    @Test
    void pixelsAreUnsignedAndInChannelRowColumnOrder() {
        InMemoryImages images = InMemoryImages.adopt(SHAPE, 3, new byte[]{0, 1, 2, 3, 4, 5, (byte) 200, 7},
                new byte[]{2, 0});

        assertThat(images.size()).isEqualTo(2);
        assertThat(images.label(0)).isEqualTo(2);
        assertThat(images.pixel(0, 1, 0, 1)).isEqualTo(3);
        assertThat(images.pixel(1, 1, 0, 0)).isEqualTo(200);
    }

    @Test
    void theFirstImagesHideTheOthers() {
        InMemoryImages one = InMemoryImages.adopt(SHAPE, 1, new byte[8], new byte[2]).first(1);

        assertThat(one.size()).isEqualTo(1);
        assertThatThrownBy(() -> one.label(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> one.first(2)).withMessageContaining("first 2 of 1");
    }

    @Test
    void lengthsAndLabelsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemoryImages.adopt(SHAPE, 1, new byte[7], new byte[2]))
                .withMessageContaining("8 pixel bytes, got 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemoryImages.adopt(SHAPE, 3, new byte[8], new byte[]{0, 3}))
                .withMessageContaining("image 1 is 3, expected 0 to 2");
    }

    @Test
    void statisticsOfAHandComputedExample() {
        // Channel 0: 0, 255, 0, 255; channel 1: 51, 51, 102, 102 (0.2 and 0.4).
        InMemoryImages images = InMemoryImages.adopt(SHAPE, 1,
                new byte[]{0, (byte) 255, 51, 51, 0, (byte) 255, 102, 102}, new byte[2]);
        ChannelStatistics statistics = ChannelStatistics.of(images);

        assertThat(statistics.mean().get(0)).isCloseTo(0.5, within(1e-12));
        assertThat(statistics.mean().get(1)).isCloseTo(0.3, within(1e-12));
        assertThat(statistics.standardDeviation().get(0)).isCloseTo(0.5, within(1e-12));
        assertThat(statistics.standardDeviation().get(1)).isCloseTo(0.1, within(1e-12));
        float[][] table = statistics.normalisationTable();
        assertThat(table[0][255]).isCloseTo(1f, within(1e-6f));
        assertThat(table[1][102]).isCloseTo(1f, within(1e-6f));
        assertThat(table[1][0]).isCloseTo(-3f, within(1e-6f));
    }

    @Test
    void statisticsLeaveOutImagesBeyondTheFirst() {
        InMemoryImages first = InMemoryImages.adopt(SHAPE, 1, new byte[]{0, 10, 0, 10, 99, 99, 99, 99}, new byte[2])
                .first(1);

        assertThat(ChannelStatistics.of(first).mean().get(0)).isCloseTo(5 / 255.0, within(1e-12));
    }

    @Test
    void aConstantChannelCannotBeNormalised() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelStatistics.of(InMemoryImages.adopt(SHAPE, 1, new byte[4], new byte[1])))
                .withMessageContaining("above 0");
    }

    @Test
    void aDataSetsPartsMustAgree() {
        InMemoryImages train = InMemoryImages.adopt(SHAPE, 2, new byte[]{1, 2, 3, 4}, new byte[1]);
        InMemoryImages test = InMemoryImages.adopt(SHAPE, 3, new byte[]{1, 2, 3, 4}, new byte[1]);
        DataProvenance provenance = new DataProvenance("made up", List.of(), List.of());

        assertThatIllegalArgumentException().isThrownBy(() -> ImageDataSet.of("odd", train, test, provenance))
                .withMessageContaining("odd");
    }
}
