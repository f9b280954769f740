package org.bame.datasets.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bame.datasets.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MixingTest {

    private static final ImageShape SHAPE = new ImageShape(2, 3, 4);
    private static final int BATCHES = 20_000;

    @Test
    void mixupWeighsBothImagesOfAPair() {
        float[] features = new float[60];
        Arrays.fill(features, 1);
        Arrays.fill(features, 5, 29, 8);
        Arrays.fill(features, 30, 54, 16);
        new Mix.Blend(SHAPE, 0.75f).apply(features, 5, 30);

        assertThat(Arrays.copyOfRange(features, 5, 29)).containsOnly(10);
        assertThat(Arrays.copyOfRange(features, 30, 54)).containsOnly(14);
        assertThat(features[4]).isEqualTo(1);
        assertThat(features[29]).isEqualTo(1);
        assertThat(features[54]).isEqualTo(1);
    }

    @Test
    void cutmixExchangesTheRectangleInEveryChannel() {
        float[] features = new float[48];
        Arrays.fill(features, 24, 48, 1);
        // Rows 0 and 1, columns 2 and 3: of 2 rows and 4 columns about row 1 and column 4, what is inside.
        Mix.Paste paste = Mix.Paste.around(SHAPE, 1, 4, 2, 4);
        paste.apply(features, 0, 24);

        float[] first = {0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0};
        assertThat(Arrays.copyOfRange(features, 0, 12)).containsExactly(first);
        assertThat(Arrays.copyOfRange(features, 12, 24)).containsExactly(first);
        for (int at = 0; at < 24; at++) {
            assertThat(features[24 + at]).isEqualTo(1 - features[at]);
        }
        assertThat(paste.share()).isEqualTo(8f / 12);
    }

    @Test
    void labelsAreSharedByTheAreaThatIsLeft() {
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            ImageShape shape = new ImageShape(1, 1 + random.nextInt(20), 1 + random.nextInt(20));
            Mixing mixing = new Mixing(shape, policy(0, 1), round, 0);
            Mix mix = mixing.of(random.nextInt(1_000));
            float[] features = new float[2 * shape.size()];
            Arrays.fill(features, 0, shape.size(), 1);
            mix.apply(features, 0, shape.size());
            double own = 0;
            for (int at = 0; at < shape.size(); at++) {
                own += features[at];
                assertThat(features[shape.size() + at]).isEqualTo(1 - features[at]);
            }
            assertThat((double) mix.share()).isCloseTo(own / shape.size(), within(1e-7));
        }
    }

    /** Mean 1/2 and variance 1 / (4 (2 alpha + 1)), and symmetric. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.2, 0.8, 1, 4})
    void sharesOfMixupFollowTheirDistribution(double alpha) {
        Mixing mixing = new Mixing(SHAPE, policy(alpha, 0), 1, 0);
        double sum = 0;
        double squares = 0;
        int below = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            Mix mix = mixing.of(batch);
            assertThat(mix).isInstanceOf(Mix.Blend.class);
            assertThat(mix.share()).isBetween(0f, 1f);
            sum += mix.share();
            squares += mix.share() * mix.share();
            below += mix.share() < 0.5 ? 1 : 0;
        }
        double mean = sum / BATCHES;
        assertThat(mean).isCloseTo(0.5, within(0.018));
        assertThat(squares / BATCHES - mean * mean).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.005));
        assertThat((double) below / BATCHES).isCloseTo(0.5, within(0.018));
    }

    @Test
    void withBothABatchGetsEitherAndRectanglesLieAnywhere() {
        ImageShape shape = new ImageShape(3, 32, 24);
        Mixing mixing = new Mixing(shape, policy(0.8, 1), 1, 0);
        int pasted = 0;
        double shares = 0;
        int[] rows = new int[32];
        for (int batch = 0; batch < BATCHES; batch++) {
            if (mixing.of(batch) instanceof Mix.Paste paste) {
                pasted++;
                shares += paste.share();
                assertThat(paste.top()).isBetween(0, paste.bottom());
                assertThat(paste.left()).isBetween(0, paste.right());
                assertThat(paste.bottom()).isLessThanOrEqualTo(32);
                assertThat(paste.right()).isLessThanOrEqualTo(24);
                for (int row = paste.top(); row < paste.bottom(); row++) {
                    rows[row]++;
                }
            }
        }
        assertThat((double) pasted / BATCHES).isCloseTo(0.5, within(0.018));
        // Uniform before rectangles are cut off at the border: what is left of an image is more than half of it.
        assertThat(shares / pasted).isBetween(0.6, 0.75);
        assertThat(Arrays.stream(rows).min().orElseThrow()).isGreaterThan(pasted / 5);
        assertThat(rows[0]).isCloseTo(rows[31], within(pasted / 20));
    }

    @Test
    void seedEpochAndBatchDecideAlone() {
        AugmentationPolicy policy = policy(0.8, 1);
        assertThat(new Mixing(SHAPE, policy, 1, 2).of(3)).isEqualTo(new Mixing(SHAPE, policy, 1, 2).of(3));
        assertThat(new Mixing(SHAPE, policy, 1, 2).of(3)).isNotEqualTo(new Mixing(SHAPE, policy, 1, 2).of(4));
        assertThat(new Mixing(SHAPE, policy, 1, 2).of(3)).isNotEqualTo(new Mixing(SHAPE, policy, 1, 3).of(3));
        assertThat(new Mixing(SHAPE, policy, 1, 2).of(3)).isNotEqualTo(new Mixing(SHAPE, policy, 2, 2).of(3));
    }

    private static AugmentationPolicy policy(double mixup, double cutmix) {
        return new AugmentationPolicy(Augmentation.NONE, 1, 0, 0, 0, mixup, cutmix);
    }
}
