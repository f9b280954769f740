package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Values at chosen places, slopes against finite differences away from kinks. */
final class ActivationTest {
    @Test
    void valuesAreTheDefined() {
        assertThat(Activation.IDENTITY.value(-7)).isEqualTo(-7);
        assertThat(Activation.RELU.value(-7)).isZero();
        assertThat(Activation.RELU.value(7)).isEqualTo(7);
        assertThat(Activation.RELU6.value(-7)).isZero();
        assertThat(Activation.RELU6.value(5)).isEqualTo(5);
        assertThat(Activation.RELU6.value(7)).isEqualTo(6);
        assertThat(Activation.HARD_SWISH.value(-4)).isZero();
        assertThat(Activation.HARD_SWISH.value(-1)).isEqualTo(-1.0 / 3, within(1e-15));
        assertThat(Activation.HARD_SWISH.value(4)).isEqualTo(4);
    }

    @Test
    void slopesAgreeWithFiniteDifferences() {
        double step = 1e-6;
        for (Activation activation : Activation.values()) {
            for (double x = -8.05; x < 8; x += 0.1) {
                double difference = (activation.value(x + step) - activation.value(x - step)) / (2 * step);
                assertThat(activation.slope(x)).as("%s at %s", activation, x).isEqualTo(difference, within(1e-8));
            }
        }
    }

    @Test
    void slopesAtKinksAreZeroWhereOneSideIs() {
        assertThat(Activation.RELU.slope(0)).isZero();
        assertThat(Activation.RELU6.slope(0)).isZero();
        assertThat(Activation.RELU6.slope(6)).isZero();
        assertThat(Activation.HARD_SWISH.slope(-3)).isZero();
        assertThat(Activation.HARD_SWISH.slope(3)).isEqualTo(1);
    }
}
