package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NmBlocksTest {
    @Test
    void aBlockOfOneOutputIsARunOfMWeights() {
        NmBlocks blocks = new NmBlocks(new WeightShape(3, 2, 1, 8), new NmPattern(1, 4));
        assertThat(blocks.count()).isEqualTo(12);
        for (int block = 0; block < 12; block++) {
            assertThat(blocks.first(block)).isEqualTo(4 * block);
            assertThat(blocks.rows(block)).isEqualTo(1);
        }
    }

    @Test
    void aBlockOfSeveralOutputsIsATile() {
        // Rows of 8 weights, 2 blocks each; outputs 0-1, 2-3, 4.
        NmBlocks blocks = new NmBlocks(WeightShape.linear(5, 8), NmPattern.parse("1:4/g2"));
        assertThat(blocks.count()).isEqualTo(6);
        assertThat(blocks.first(1)).isEqualTo(4);
        assertThat(blocks.first(2)).isEqualTo(16);
        assertThat(blocks.first(5)).isEqualTo(36);
        assertThat(blocks.rows(3)).isEqualTo(2);
        assertThat(blocks.rows(4)).isEqualTo(1);
        assertThat(blocks.of(13)).isEqualTo(1);
        assertThat(blocks.of(39)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:4", "2:4/g2", "1:2/g4", "3:8/g3", "1:4/g100"})
    void everyWeightIsInOneBlock(String text) {
        NmPattern pattern = NmPattern.parse(text);
        for (int outputs = 1; outputs < 10; outputs++) {
            WeightShape shape = new WeightShape(outputs, 3, 1, 16);
            NmBlocks blocks = new NmBlocks(shape, pattern);
            int[] seen = new int[shape.size()];
            for (int block = 0; block < blocks.count(); block++) {
                for (int row = 0; row < blocks.rows(block); row++) {
                    for (int i = 0; i < pattern.m(); i++) {
                        int weight = blocks.first(block) + row * shape.rowLength() + i;
                        seen[weight]++;
                        assertThat(blocks.of(weight)).isEqualTo(block);
                    }
                }
            }
            assertThat(seen).containsOnly(1);
        }
    }

    /** Two groups of 5 outputs: tiles of 2, 2 and 1 outputs in each, 2 along the inputs. */
    @Test
    void tilesEndWithTheirConvolutionsGroup() {
        WeightShape shape = new WeightShape(10, 1, 1, 4, 2);
        NmBlocks tiles = NmBlocks.tiles(shape, new NmPattern(1, 2));
        assertThat(tiles.count()).isEqualTo(12);
        assertThat(IntStream.range(0, 12).map(tiles::first)).containsExactly(0, 2, 8, 10, 16, 18, 20, 22, 28, 30, 36,
                38);
        assertThat(IntStream.range(0, 12).map(tiles::rows)).containsExactly(2, 2, 2, 2, 1, 1, 2, 2, 2, 2, 1, 1);
        for (int tile = 0; tile < 12; tile++) {
            for (int row = 0; row < tiles.rows(tile); row++) {
                assertThat(tiles.of(tiles.first(tile) + 4 * row + 1)).isEqualTo(tile);
            }
        }
        // Outputs that share positions are counted from the first, whatever the groups.
        assertThat(new NmBlocks(shape, NmPattern.parse("1:2/g2")).count()).isEqualTo(10);
    }

    @Test
    void refusesBlocksThatCrossKernelPositions() {
        assertThatThrownBy(() -> new NmBlocks(WeightShape.linear(4, 6), new NmPattern(1, 4)))
                .hasMessageContaining("6 inputs");
    }
}
