package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NmMaskTest {
    @ParameterizedTest
    @CsvSource({"2,4,1", "1,16,1", "4,4,1", "3,5,1", "2,256,1", "2,300,2"})
    void packsAndUnpacks(int n, int m, int bytesPerIndex) {
        NmPattern pattern = new NmPattern(n, m);
        Mask mask = Mask.empty(WeightShape.linear(5, 2 * m));
        new NmSelection(pattern).selectRandom(new SplittableRandom(m), mask);
        NmMask packed = NmMask.of(mask, pattern);
        assertThat(packed.toMask().difference(mask)).isZero();
        assertThat(packed.blocks()).isEqualTo(10);
        assertThat(packed.packedBytes()).isEqualTo(10L * n * bytesPerIndex);
        assertThat(packed).isEqualTo(NmMask.of(packed.toMask(), pattern)).hasSameHashCodeAs(NmMask.of(mask, pattern));
    }

    @Test
    void positionsRiseWithinABlock() {
        Mask mask = Mask.empty(WeightShape.linear(1, 8));
        for (int i : new int[]{1, 3, 4, 5}) {
            mask.set(i, true);
        }
        NmMask packed = NmMask.of(mask, new NmPattern(2, 4));
        assertThat(new int[]{packed.positionInBlock(0, 0), packed.positionInBlock(0, 1)}).containsExactly(1, 3);
        assertThat(new int[]{packed.positionInBlock(1, 0), packed.positionInBlock(1, 1)}).containsExactly(0, 1);
    }

    @Test
    void storesPositionsThatOutputsShareOnce() {
        NmPattern pattern = NmPattern.parse("2:4/g4");
        Mask mask = Mask.empty(WeightShape.linear(6, 8), 4);
        new NmSelection(pattern).selectRandom(new SplittableRandom(9), mask);
        NmMask packed = NmMask.of(mask, pattern);
        assertThat(packed.blocks()).isEqualTo(4);
        assertThat(packed.packedBytes()).isEqualTo(8);
        assertThat(packed.toMask().difference(mask)).isZero();
        assertThat(packed.toMask().rowGroup()).isEqualTo(4);
        assertThat(packed.toString()).isEqualTo("2:4/g4 mask of 6x1x1x8");
        Mask perRow = Mask.empty(mask.shape());
        new NmSelection(new NmPattern(2, 4)).selectRandom(new SplittableRandom(9), perRow);
        assertThatThrownBy(() -> NmMask.of(perRow, pattern)).hasMessageContaining("Output 1");
    }

    @Test
    void refusesMasksThatAreNotExact() {
        Mask mask = Mask.empty(WeightShape.linear(1, 8));
        mask.set(0, true);
        mask.set(1, true);
        assertThatThrownBy(() -> NmMask.of(mask, new NmPattern(2, 4)))
                .hasMessageContaining("Weights 4 to 7")
                .hasMessageContaining("keep 0, expected 2");
        assertThatThrownBy(() -> NmMask.of(mask, new NmPattern(1, 3))).hasMessageContaining("does not divide");
        assertThatThrownBy(() -> NmMask.of(mask, new NmPattern(1, 70_000))).hasMessageContaining("65536");
    }
}
