package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.bame.kernel.FeatureShape;
import org.junit.jupiter.api.Test;

class BatchArraysTest {

    private static final float[] FEATURES = {1, 2, 3, 4, 5, 6};

    private final BatchArrays arrays = new BatchArrays(3, new FeatureShape(1, 1, 2), 4, 1);

    @Test
    void labelsAreOneHot() {
        arrays.fill(FEATURES, new int[]{2, 0, 3});

        assertThat(arrays.labels().toFloatMatrix()).isEqualTo(new float[][]{{0, 0, 1, 0}, {1, 0, 0, 0}, {0, 0, 0, 1}});
        assertThat(arrays.features().data().asFloat()).isEqualTo(FEATURES);
    }

    @Test
    void mixedLabelsAddUpToOneAndLeaveNoTraceInTheNextBatch() {
        arrays.fill(FEATURES, new int[]{2, 0, 3});
        arrays.mixLabels(new int[]{3, 0, 2}, 0.75f);

        assertThat(arrays.labels().toFloatMatrix())
                .isEqualTo(new float[][]{{0, 0, 0.75f, 0.25f}, {1, 0, 0, 0}, {0, 0, 0.25f, 0.75f}});
        assertThat(arrays.target(0, 0)).isEqualTo(2);
        arrays.fill(FEATURES, new int[]{2, 0, 3});
        assertThat(arrays.labels().toFloatMatrix()[0]).containsExactly(0, 0, 1, 0);
    }

    @Test
    void aShareOfNothingIsTheOthersLabel() {
        arrays.fill(FEATURES, new int[]{2, 0, 3});
        arrays.mixLabels(new int[]{3, 0, 2}, 0);

        assertThat(arrays.labels().toFloatMatrix()).isEqualTo(new float[][]{{0, 0, 0, 1}, {1, 0, 0, 0}, {0, 0, 1, 0}});
    }
}
