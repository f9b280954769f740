package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 129, 200})
    void fullAndEmptyMasksHaveNoStrayBits(int size) {
        Mask full = Mask.full(WeightShape.linear(1, size));
        assertThat(full.count()).isEqualTo(size);
        assertThat(full.nextKept(size - 1, size)).isEqualTo(size - 1);
        assertThat(full.nextKept(size, size)).isEqualTo(-1);
        assertThat(full.difference(Mask.empty(full.shape()))).isEqualTo(size);
        assertThat(Mask.empty(full.shape()).nextKept(0, size)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 128, 190})
    void findsKeptWeightsAsAScanDoes(int size) {
        SplittableRandom random = new SplittableRandom(size);
        Mask mask = Mask.empty(WeightShape.linear(1, size));
        for (int i = 0; i < size; i++) {
            mask.set(i, random.nextInt(10) == 0 || i == size - 1);
        }
        for (int from = 0; from <= size; from++) {
            for (int end = from; end <= size; end++) {
                int expected = -1;
                int count = 0;
                for (int i = end - 1; i >= from; i--) {
                    if (mask.get(i)) {
                        expected = i;
                        count++;
                    }
                }
                assertThat(mask.nextKept(from, end)).as("from %d to %d", from, end).isEqualTo(expected);
                assertThat(mask.count(from, end)).isEqualTo(count);
            }
        }
    }

    @Test
    void versionChangesWithTheBitsOnly() {
        Mask mask = Mask.empty(WeightShape.linear(2, 40));
        long before = mask.version();
        mask.set(3, false);
        mask.assign(mask.copy());
        mask.union(Mask.empty(mask.shape()));
        assertThat(mask.setWord(0, 0)).isZero();
        assertThat(mask.version()).isEqualTo(before);
        mask.set(64, true);
        assertThat(mask.version()).isGreaterThan(before);
        assertThat(mask.word(1)).isEqualTo(1);
    }

    @Test
    void copiesAreIndependentAndRestorable() throws IOException {
        Mask mask = Mask.empty(WeightShape.linear(2, 40));
        mask.set(70, true);
        Mask copy = mask.copy();
        copy.set(0, true);
        assertThat(mask.get(0)).isFalse();
        long version = mask.version();
        mask.restore(saved(copy));
        assertThat(mask.difference(copy)).isZero();
        assertThat(mask.version()).isGreaterThan(version);
        DataInputStream larger = saved(Mask.empty(WeightShape.linear(1, 192)));
        assertThatThrownBy(() -> mask.restore(larger))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 words, expected 2");
        assertThatThrownBy(() -> mask.union(Mask.empty(WeightShape.linear(1, 80))))
                .hasMessageContaining("2x1x1x40")
                .hasMessageContaining("1x1x1x80");
    }

    @Test
    void keepsAll() {
        Mask mask = Mask.empty(WeightShape.linear(2, 40));
        mask.set(70, true);
        mask.keepAll();
        assertThat(mask.count()).isEqualTo(80);
        long version = mask.version();
        mask.keepAll();
        assertThat(mask.version()).isEqualTo(version);
        assertThat(mask.difference(Mask.full(mask.shape()))).isZero();
    }

    private static DataInputStream saved(Mask mask) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        mask.save(new DataOutputStream(bytes));
        return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    }
}
