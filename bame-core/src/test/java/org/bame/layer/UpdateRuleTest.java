package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.Preconditioner;
import org.junit.jupiter.api.Test;

/** The arithmetic of AdamW on one number, with an epsilon so large that its place shows. */
class UpdateRuleTest {
    private static final ParameterRange RANGE = new ParameterRange(0, 1, true, 0, 1);
    /** beta1 = 0.5, beta2 = 0.75, epsilon = 0.5, decay 0.25. */
    private static final UpdateRule ADAM =
            UpdateRule.of(new OptimizerSettings.AdamW(0.5, 0.75, 0.5, 0.25, false, 0));

    private final Storage weight = one(2);
    private final Storage gradient = one(0);
    private final Storage state = Storage.allocate(ElementType.FLOAT, 2);

    private static Storage one(double value) {
        Storage storage = Storage.allocate(ElementType.FLOAT, 1);
        storage.set(0, value);
        return storage;
    }

    /** The change at a rate of 0.5, taken off the weight as Deeplearning4j does. */
    private double step(long index, double g, Preconditioner preconditioner) {
        gradient.set(0, g);
        ADAM.apply(RANGE, weight.segment(), gradient.segment(), state.segment(), 0.5f, index, preconditioner);
        weight.set(0, weight.get(0) - gradient.get(0));
        return gradient.get(0);
    }

    /**
     * By hand, as PyTorch does it: gradients 2, -2, 2; the decay takes rate * 0.25 = 0.125 of the weight.
     * <pre>
     * t  m      v     m / (1 - 0.5^t)  v / (1 - 0.75^t)  change = 0.5 m^ / (sqrt(v^) + 0.5)   with decay      w
     * 1  1      1     2                4                 0.5 * 2 / 2.5          =  0.4        0.25    + 0.4   1.35
     * 2  -0.5   1.75  -0.66667         4                 0.5 * -0.66667 / 2.5   = -0.133333   0.16875 - ..    1.3145833
     * 3  0.75   2.3125 0.857143        4                 0.5 * 0.857143 / 2.5   =  0.1714286  0.1643229 + ..  0.9788318
     * </pre>
     */
    @Test
    void threeStepsByHand() {
        assertThat(step(0, 2, Preconditioner.ADAPTIVE)).isCloseTo(0.65, within(1e-6));
        assertThat(state.get(0)).isEqualTo(1);
        assertThat(state.get(1)).isEqualTo(1);
        assertThat(weight.get(0)).isCloseTo(1.35, within(1e-6));
        assertThat(step(1, -2, Preconditioner.ADAPTIVE)).isCloseTo(0.16875 - 0.4 / 3, within(1e-6));
        assertThat(state.get(0)).isEqualTo(-0.5);
        assertThat(state.get(1)).isEqualTo(1.75);
        assertThat(weight.get(0)).isCloseTo(1.3145833, within(1e-6));
        assertThat(step(2, 2, Preconditioner.ADAPTIVE)).isCloseTo(0.1643229 + 0.1714286, within(1e-6));
        assertThat(state.get(0)).isEqualTo(0.75);
        assertThat(state.get(1)).isEqualTo(2.3125);
        assertThat(weight.get(0)).isCloseTo(0.9788318, within(1e-6));
    }

    /** A gradient that changes in size tells the epsilon behind the root from one under it, and v^ from v. */
    @Test
    void epsilonStandsBehindTheRootOfTheCorrectedMean() {
        step(0, 2, Preconditioner.ADAPTIVE);
        double before = weight.get(0);
        double mean = (0.5 * 1 + 0.5 * 6) / 0.75;
        double square = (0.75 * 1 + 0.25 * 36) / (1 - 0.5625);
        double expected = 0.5 * mean / (Math.sqrt(square) + 0.5) + 0.125 * before;
        assertThat(step(1, 6, Preconditioner.ADAPTIVE)).isCloseTo(expected, within(1e-6));
    }

    /** After one adaptive step v = 1 stays: m = 0.5 * 1 + 0.5 * 6 = 3.5, change = 0.5 * 3.5 / 0.75 / (1 + 0.25). */
    @Test
    void frozenMomentsStayAndAreNotCorrected() {
        step(0, 2, Preconditioner.ADAPTIVE);
        double before = weight.get(0);
        double change = step(1, 6, new Preconditioner.Frozen(0.25));
        assertThat(change).isCloseTo(0.5 * 3.5 / 0.75 / 1.25 + 0.125 * before, within(1e-6));
        assertThat(state.get(0)).isEqualTo(3.5);
        assertThat(state.get(1)).isEqualTo(1);
    }

    @Test
    void descentTakesNoNoticeOfAPreconditioner() {
        UpdateRule sgd = UpdateRule.of(new OptimizerSettings.Sgd(0, false, 0, false, 0));
        gradient.set(0, 3);
        sgd.apply(RANGE, weight.segment(), gradient.segment(), null, 0.5f, 0, new Preconditioner.Frozen(1));
        assertThat(gradient.get(0)).isEqualTo(1.5);
    }
}
