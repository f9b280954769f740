package org.bame.method.bame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bame.RecordChange;
import org.bame.method.bame.BameConfiguration.FreezeRule;
import org.bame.method.bame.BameConfiguration.Frequency;
import org.bame.method.bame.BameConfiguration.Joint;
import org.bame.method.bame.BameConfiguration.Oscillation;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

/** Two blocks of four. */
class OscillationAwareBlockFreezingTest {
    private static final BameConfiguration DEFAULTS = BameConfiguration.defaults();

    @Test
    void onlyTheReturnOfAPrunedWeightIsAReversal() {
        OscillationAwareBlockFreezing freezing = freezing(DEFAULTS);
        assertThat(freezing.recordSwap(0, 1)).isFalse();
        freezing.endAdaptation();
        // Weight 1, revived before, goes out: that alone does not count.
        assertThat(freezing.recordSwap(1, 2)).isFalse();
        freezing.endAdaptation();
        assertThat(freezing.oscillations(0)).isZero();
        assertThat(freezing.recordSwap(2, 0)).isTrue();
        freezing.endAdaptation();
        assertThat(freezing.oscillations(0)).isEqualTo(1);
        assertThat(freezing.frequency(0)).isEqualTo(0.1, within(1e-6));
        freezing.endAdaptation();
        assertThat(freezing.frequency(0)).isEqualTo(0.09, within(1e-6));
        assertThat(freezing.oscillations(1)).isZero();
    }

    @Test
    void everyChangeCountsIfSoConfigured() {
        OscillationAwareBlockFreezing freezing =
                freezing(RecordChange.of(DEFAULTS, "oscillation", Oscillation.CHANGE));
        assertThat(freezing.recordSwap(5, 6)).isFalse();
        freezing.endAdaptation();
        assertThat(freezing.oscillations(1)).isEqualTo(1);
    }

    @Test
    void freezesAboveTheThresholdForGood() {
        OscillationAwareBlockFreezing freezing = freezing(DEFAULTS);
        int out = 0;
        // Running means of a block that reverses every time: 0 (first departure), 0.1, 0.19, 0.271.
        for (int adaptation = 0; adaptation < 4; adaptation++) {
            assertThat(freezing.frozen(0)).isFalse();
            assertThat(freezing.priority(0, 3)).isEqualTo(3);
            freezing.recordSwap(out, 1 - out);
            out = 1 - out;
            freezing.endAdaptation();
        }
        assertThat(freezing.oscillations(0)).isEqualTo(3);
        assertThat(freezing.frozen(0)).isTrue();
        assertThat(freezing.priority(0, 3)).isZero();
        assertThat(freezing.frozenShare()).isEqualTo(0.5);
        assertThatThrownBy(() -> freezing.recordSwap(0, 1)).hasMessageContaining("block 0, which is frozen");
        for (int adaptation = 0; adaptation < 20; adaptation++) {
            freezing.endAdaptation();
        }
        assertThat(freezing.frozen(0)).isTrue();
    }

    @Test
    void oneOscillationIsTooFewToFreeze() {
        OscillationAwareBlockFreezing freezing = freezing(RecordChange.of(DEFAULTS, "mu", 0.0));
        freezing.recordSwap(0, 1);
        freezing.endAdaptation();
        freezing.recordSwap(1, 0);
        freezing.endAdaptation();
        assertThat(freezing.frequency(0)).isEqualTo(1);
        assertThat(freezing.frozen(0)).isFalse();
        // Not frozen, but passed over while it oscillates.
        assertThat(freezing.priority(0, 3)).isZero();
        freezing.endAdaptation();
        assertThat(freezing.priority(0, 3)).isEqualTo(3);
    }

    @Test
    void quantileFreezesTheWorstShare() {
        BameConfiguration configuration =
                RecordChange.of(RecordChange.of(DEFAULTS, "freezeRule", FreezeRule.QUANTILE), "phi", 0.5);
        OscillationAwareBlockFreezing freezing = freezing(configuration);
        freezing.endAdaptation();
        assertThat(freezing.frozenShare()).isZero();
        freezing.recordSwap(4, 5);
        freezing.endAdaptation();
        freezing.recordSwap(5, 4);
        freezing.endAdaptation();
        assertThat(freezing.frozen(1)).isTrue();
        assertThat(freezing.frozen(0)).isFalse();
    }

    @Test
    void jointPriorityHasItsForms() {
        BameConfiguration always = RecordChange.of(
                RecordChange.of(DEFAULTS, "oscillation", Oscillation.CHANGE), "frequency", Frequency.ACCUMULATED);
        always = RecordChange.of(always, "freezeRule", FreezeRule.NONE);
        for (Joint joint : Joint.values()) {
            OscillationAwareBlockFreezing freezing = freezing(RecordChange.of(always, "joint", joint));
            freezing.recordSwap(0, 1);
            freezing.endAdaptation();
            freezing.endAdaptation();
            assertThat(freezing.frequency(0)).isEqualTo(0.5);
            assertThat(freezing.priority(0, 3)).isEqualTo(joint == Joint.HARD ? 0 : joint == Joint.SOFT ? 2 : 3);
            assertThat(freezing.frozenShare()).isZero();
        }
    }

    /** Rows of two blocks: outputs 0 and 1 share blocks 0 and 1, output 2 has blocks 2 and 3. */
    @Test
    void outputsThatSharePositionsShareTheirHistory() {
        OscillationAwareBlockFreezing freezing = new OscillationAwareBlockFreezing(
                new NmBlocks(WeightShape.linear(3, 8), NmPattern.parse("1:4/g2")),
                2,
                RecordChange.of(RecordChange.of(DEFAULTS, "mu", 0.0), "minCount", 1));
        freezing.recordSwap(4, 5);
        freezing.recordSwap(16, 17);
        freezing.endAdaptation();
        assertThat(freezing.recordSwap(5, 4)).isTrue();
        // Weight 18 has not been out before, though weight 17 of its block was.
        assertThat(freezing.recordSwap(17, 18)).isFalse();
        freezing.endAdaptation();
        assertThat(freezing.frozen(1)).isTrue();
        assertThat(freezing.frozenShare()).isEqualTo(0.25);
        assertThatThrownBy(() -> freezing.recordSwap(12, 13)).hasMessageContaining("block 1, which is frozen");
    }

    private static OscillationAwareBlockFreezing freezing(BameConfiguration configuration) {
        return new OscillationAwareBlockFreezing(
                new NmBlocks(WeightShape.linear(2, 4), new NmPattern(1, 4)), 1, configuration);
    }
}
