package org.bame.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.bame.method.FakeNetwork.FakeLayer;
import org.bame.sparsity.Mask;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskArithmeticTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 130})
    void touchesEveryDroppedWeightAndNoOther(int size) {
        SplittableRandom random = new SplittableRandom(size);
        FakeLayer layer = new FakeLayer("layer", WeightShape.linear(1, size), random);
        Mask mask = Mask.empty(layer.shape());
        for (int i = 0; i < size; i++) {
            mask.set(i, random.nextBoolean());
            layer.gradient().set(i, 1);
            layer.momentum().set(i, 1);
        }
        MaskArithmetic.addMaskedDecay(layer.weights(), mask, 0.5, layer.gradient());
        for (int i = 0; i < size; i++) {
            double expected = mask.get(i) ? 1 : (float) (1 + 0.5 * layer.weights().get(i));
            assertThat(layer.gradient().get(i)).isEqualTo(expected);
        }
        for (int i = 0; i < size; i++) {
            layer.gradient().set(i, i + 1);
        }
        MaskArithmetic.scaleOutside(mask, 0.1, layer.gradient());
        for (int i = 0; i < size; i++) {
            assertThat(layer.gradient().get(i)).isEqualTo(mask.get(i) ? i + 1 : 0.1f * (i + 1));
        }
        MaskArithmetic.prune(layer, mask);
        for (int i = 0; i < size; i++) {
            assertThat(layer.weights().get(i) != 0).isEqualTo(mask.get(i));
            assertThat(layer.momentum().get(i)).isEqualTo(mask.get(i) ? 1 : 0);
        }
    }
}
