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
        assertThat(mask.setBits(30, 40, 0)).isZero();
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

    @Test
    void setsAnyRunOfBits() {
        SplittableRandom random = new SplittableRandom(3);
        Mask mask = Mask.empty(WeightShape.linear(1, 190));
        boolean[] expected = new boolean[190];
        for (int repeat = 0; repeat < 2000; repeat++) {
            int count = 1 + random.nextInt(64);
            int from = random.nextInt(190 - count + 1);
            long bits = random.nextLong() >>> 64 - count;
            int changed = 0;
            for (int i = 0; i < count; i++) {
                boolean kept = (bits >>> i & 1) != 0;
                changed += expected[from + i] != kept ? 1 : 0;
                expected[from + i] = kept;
            }
            assertThat(mask.setBits(from, count, bits)).isEqualTo(changed);
            for (int i = 0; i < 190; i++) {
                assertThat(mask.get(i)).isEqualTo(expected[i]);
            }
        }
    }

    @Test
    void changesAGroupOfRowsAsOne() {
        Mask mask = Mask.empty(new WeightShape(5, 1, 1, 3), 2);
        assertThat(mask.rowGroup()).isEqualTo(2);
        mask.set(4, true);
        mask.set(6, true);
        // The last group has one row.
        mask.set(14, true);
        assertThat(bits(mask)).isEqualTo("010 010 100 100 001");
        mask.set(1, false);
        assertThat(bits(mask)).isEqualTo("000 000 100 100 001");
        Mask copy = mask.copy();
        copy.set(9, false);
        assertThat(bits(copy)).isEqualTo("000 000 000 000 001");
        copy.keepAll();
        assertThat(copy.count()).isEqualTo(15);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 63, 64, 65, 144})
    void seesWhetherRowsAgree(int inputs) {
        SplittableRandom random = new SplittableRandom(inputs);
        WeightShape shape = WeightShape.linear(7, inputs);
        for (int group : new int[]{1, 2, 3, 4, 7, 8}) {
            Mask grouped = Mask.empty(shape, group);
            for (int i = 0; i < shape.size(); i++) {
                grouped.set(i, random.nextBoolean());
            }
            assertThat(grouped.rowsAgree(group)).isTrue();
            Mask free = Mask.empty(shape);
            free.assign(grouped);
            assertThat(free.rowsAgree(group)).isTrue();
            for (int i = 0; i < shape.size(); i++) {
                int first = i / inputs / group * group;
                free.set(i, !free.get(i));
                assertThat(free.rowsAgree(group)).isEqualTo(Math.min(7, first + group) - first == 1);
                free.set(i, !free.get(i));
            }
        }
    }

    @Test
    void takesOverOnlyWhatKeepsItsPromise() throws IOException {
        WeightShape shape = WeightShape.linear(4, 3);
        Mask grouped = Mask.empty(shape, 2);
        Mask free = Mask.empty(shape);
        free.set(0, true);
        DataInputStream savedFree = saved(free);
        assertThatThrownBy(() -> grouped.assign(free)).hasMessageContaining("2 consecutive outputs to agree");
        assertThatThrownBy(() -> grouped.union(free)).hasMessageContaining("2 consecutive outputs to agree");
        assertThatThrownBy(() -> grouped.restore(savedFree)).hasMessageContaining("2 consecutive outputs to agree");
        assertThat(grouped.count()).isZero();
        free.set(3, true);
        grouped.assign(free);
        assertThat(bits(grouped)).isEqualTo("100 100 000 000");
        Mask four = Mask.empty(shape, 4);
        four.set(2, true);
        grouped.union(four);
        assertThat(bits(grouped)).isEqualTo("101 101 001 001");
        grouped.restore(saved(four));
        assertThat(bits(grouped)).isEqualTo("001 001 001 001");
        assertThatThrownBy(() -> Mask.empty(shape, 0)).hasMessageContaining("at least 1");
    }

    private static String bits(Mask mask) {
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < mask.shape().size(); i++) {
            bits.append(i > 0 && i % mask.shape().rowLength() == 0 ? " " : "").append(mask.get(i) ? 1 : 0);
        }
        return bits.toString();
    }

    private static DataInputStream saved(Mask mask) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        mask.save(new DataOutputStream(bytes));
        return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    }
}
