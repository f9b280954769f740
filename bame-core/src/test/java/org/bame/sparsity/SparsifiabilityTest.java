package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparsifiabilityTest {
    private static final NmPattern PATTERN = new NmPattern(1, 16);

    @Test
    void sparsifiesWhereBlocksFit() {
        assertThat(Sparsifiability.of(LayerKind.CONV3X3, new WeightShape(8, 3, 3, 32), PATTERN).sparse()).isTrue();
        assertThat(Sparsifiability.of(LayerKind.QKV, WeightShape.linear(8, 16), PATTERN).sparse()).isTrue();
    }

    @Test
    void leavesIndivisibleInputsDense() {
        Sparsifiability verdict = Sparsifiability.of(LayerKind.CONV3X3, new WeightShape(8, 3, 3, 24), PATTERN);
        assertThat(verdict.sparse()).isFalse();
        assertThat(verdict.reason()).contains("24").contains("16");
    }

    @Test
    void takesALastGroupOfFewerOutputs() {
        NmPattern pattern = NmPattern.parse("1:4/g4");
        Sparsifiability whole = Sparsifiability.of(LayerKind.CONV3X3, new WeightShape(8, 3, 3, 24), pattern);
        assertThat(whole.sparse()).isTrue();
        assertThat(whole.reason()).endsWith("6 blocks of 4, outputs in groups of 4");
        Sparsifiability shorter = Sparsifiability.of(LayerKind.CONV3X3, new WeightShape(6, 3, 3, 24), pattern);
        assertThat(shorter.sparse()).isTrue();
        assertThat(shorter.reason()).endsWith("outputs in groups of 4, the last of 2");
    }

    @Test
    void leavesDepthwiseFiltersDenseWhateverTheirKind() {
        WeightShape depthwise = new WeightShape(32, 3, 3, 1);
        assertThat(Sparsifiability.of(LayerKind.DEPTHWISE, depthwise, PATTERN))
                .isEqualTo(new Sparsifiability(
                        false, "depthwise layers stay dense: a filter has one input channel, not a block"));
        assertThat(Sparsifiability.of(LayerKind.CONV3X3, depthwise, PATTERN).sparse()).isFalse();
    }

    @Test
    void leavesStemDepthwisePatchAndClassifierDense() {
        WeightShape fits = new WeightShape(16, 3, 3, 16);
        for (LayerKind kind : LayerKind.values()) {
            boolean dense = kind == LayerKind.STEM
                    || kind == LayerKind.DEPTHWISE
                    || kind == LayerKind.PATCH
                    || kind == LayerKind.CLASSIFIER;
            assertThat(Sparsifiability.of(kind, fits, PATTERN).sparse()).as(kind.name()).isEqualTo(!dense);
        }
    }
}
