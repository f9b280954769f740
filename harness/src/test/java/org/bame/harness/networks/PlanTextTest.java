package org.bame.harness.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.bame.kernel.FeatureShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTextTest {

    private static Stream<NetworkPlan> plans() {
        return Stream.of(CifarResNet.networks(), ImageNetResNet.networks(), MobileNetV2.networks())
                .flatMap(List::stream)
                .map(PlannedNetwork.class::cast)
                .map(network -> network.plan(network.usualInput(), network.usualClasses()))
                .filter(PlanText::covers);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void readsWhatItWrites(NetworkPlan plan) {
        assertThat(PlanText.read(PlanText.write(plan))).isEqualTo(plan);
    }

    @Test
    void coversNoChanceAndNoTransformer() {
        assertThat(plans()).hasSizeGreaterThan(10);
        FeatureShape image = new FeatureShape(3, 224, 224);
        for (NetworkPlan plan : List.of(
                new MobileNetV2(MobileNetV2.Images.IMAGENET, MobileNetV2.Filter.DEPTHWISE).plan(image, 10),
                ((PlannedNetwork) VisionTransformer.networks().getFirst()).plan(image, 10))) {
            assertThat(PlanText.covers(plan)).isFalse();
            assertThatThrownBy(() -> PlanText.write(plan)).hasMessageContaining("can be written");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"convolution stem image STEM 3 8 8 4 3 3 1 1", "convolution stem image STEM 3 8 8 4 3 3 1 1 1 1",
                "convolution stem image TREE 3 8 8 4 3 3 1 1 1", "convolve stem image",
                "normalisation n stem - 4 8 8 yes",
                "average-pool pool n 4 8 eight"})
    void quotesABadLine(String line) {
        assertThatThrownBy(() -> PlanText.read(List.of("image 3 8 8 10", line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + line + "'")
                .hasMessageContaining("expected");
    }

    @Test
    void beginsWithTheImage() {
        assertThatThrownBy(() -> PlanText.read(List.of("picture 3 8 8 10"))).hasMessageContaining("'image'");
        assertThatThrownBy(() -> PlanText.read(List.of())).hasMessageContaining("no lines");
    }
}
