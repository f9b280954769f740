package org.bame.baselines.rigl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bame.baselines.dynamic.Topologies;
import org.bame.baselines.dynamic.Topology;
import org.bame.baselines.rigl.NmRiglConfiguration.Gain;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.MethodContext;
import org.bame.method.bame.BameConfiguration.PruneScore;
import org.bame.method.bame.BlockSwaps;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class NmRiglTest {
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 8);

    /**
     * Four blocks of 1:4 in one row. Gradients of the best pruned weights: 5 in block 0 (where the weight that is dropped has
     * 4), 3 in block 1 (0), 4 in block 2 (1), 0 in block 3.
     */
    private static final float[] WEIGHTS = {0, 9, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 7};
    private static final float[] GRADIENT = {1, 4, -5, 2, 0, 1, 3, -3, -4, 4, 1, 2, 0, 0, 0, 6};

    @Test
    void swapsInTheBlocksWhoseGrownWeightHasTheLargestGradient() {
        assertThat(evolved("1:4", Gain.GROWN, 1, 0.25)).isEqualTo("0010 1000 0010 0001");
        assertThat(evolved("1:4", Gain.GROWN, 1, 0.26)).isEqualTo("0010 1000 1000 0001");
        // The last block's pruned weights have no gradient at all.
        assertThat(evolved("1:4", Gain.GROWN, 1, 1)).isEqualTo("0010 0010 1000 0001");
    }

    /** Squares: 25 - 16 = 9 in block 0, 9 in block 1, 16 - 1 = 15 in block 2; of equal gains the lower block is first. */
    @Test
    void orWhereItsGradientExceedsTheDroppedOnesMost() {
        assertThat(evolved("1:4", Gain.DIFFERENCE, 1, 0.25)).isEqualTo("0100 1000 1000 0001");
        assertThat(evolved("1:4", Gain.DIFFERENCE, 1, 0.5)).isEqualTo("0010 1000 1000 0001");
    }

    /**
     * Two rows that share positions, two columns of 2:4 each kept. Sums of |w| over rows: 5 and 2 in block 0, 1 and 3 in
     * block 1; of g^2 of the pruned: 2 and 8 in block 0, 13 and 9 in block 1.
     */
    @Test
    void columnsOfSharedPositionsCompeteBySums() {
        float[] weights = {4, -1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 3};
        float[] gradient = {9, 9, 1, 2, 3, 9, 0, 9, 9, 9, 1, 2, 2, 9, 3, 9};
        NmPattern pattern = NmPattern.parse("2:4/g2");
        WeightShape shape = WeightShape.linear(2, 8);
        Mask mask = Mask.empty(shape, 2);
        for (int i : new int[]{0, 1, 5, 7}) {
            mask.set(i, true);
        }
        BlockTopology one = topology(pattern, shape, Gain.GROWN, 1);
        assertThat(blocks(Topologies.evolveMask(one, weights, gradient, 0.5, mask))).isEqualTo("1100 1001 1100 1001");
        assertThat(blocks(Topologies.evolveMask(one, weights, gradient, 1, mask))).isEqualTo("1001 1001 1001 1001");
        BlockTopology two = topology(pattern, shape, Gain.GROWN, 2);
        assertThat(blocks(Topologies.evolveMask(two, weights, gradient, 0.5, mask))).isEqualTo("1100 1010 1100 1010");
    }

    /** The blocks are those that BAME without its freezing would change if it looked ever further ahead. */
    @Test
    void ranksAsBameDoesWhenItLooksFarAhead() {
        SplittableRandom random = new SplittableRandom(5);
        NmPattern pattern = new NmPattern(2, 8);
        Mask mask = Mask.empty(SHAPE);
        new NmSelection(pattern).selectRandom(random, mask);
        Storage weights = Storage.allocate(ElementType.FLOAT, SHAPE.size());
        Storage gradient = Storage.allocate(ElementType.FLOAT, SHAPE.size());
        for (int i = 0; i < SHAPE.size(); i++) {
            weights.set(i, mask.get(i) ? random.nextGaussian() : 0);
            gradient.set(i, random.nextGaussian());
        }
        NmBlocks blocks = new NmBlocks(SHAPE, pattern);
        BlockSwaps bame = new BlockSwaps(blocks, 1, PruneScore.MAGNITUDE);
        bame.propose(weights, gradient, mask, 1e12);
        List<Integer> best = IntStream.range(0, blocks.count())
                .boxed()
                .sorted((a, b) -> Double.compare(bame.lossReduction(b), bame.lossReduction(a)))
                .limit(11)
                .toList();
        Mask expected = mask.copy();
        for (int block : best) {
            expected.set(bame.pruned(block, 0), false);
            expected.set(bame.revived(block, 0), true);
        }
        Mask next = mask.copy();
        topology(pattern, SHAPE, Gain.GROWN, 1)
                .evolve(new Topology.Update(7, 10.5 / blocks.count(), weights, gradient, mask), next);
        assertThat(next.difference(expected)).isZero();
        assertThat(next.difference(mask)).isEqualTo(22);
    }

    @Test
    void namesKeysOfBadValues() {
        NmRiglConfiguration bad = new NmRiglConfiguration(0, 0.3, 0.75, 2, Gain.GROWN);
        MethodContext context = new MethodContext(new NmPattern(1, 4), 60, 5, 0.9, 7);
        assertThat(new NmRiglMethodFactory().problems(bad, context))
                .containsExactly(
                        "interval is 0, expected at least 1 step",
                        "swapsPerBlock is 2, expected 1 to 1 = min(N, M - N) for pattern 1:4");
    }

    private static String evolved(String text, Gain gain, int swaps, double share) {
        WeightShape shape = WeightShape.linear(1, 16);
        BlockTopology topology = topology(NmPattern.parse(text), shape, gain, swaps);
        return blocks(Topologies.evolve(topology, WEIGHTS, GRADIENT, share, Mask.empty(shape)));
    }

    private static String blocks(String mask) {
        return mask.replace(" ", "").replaceAll("(....)(?!$)", "$1 ");
    }

    private static BlockTopology topology(NmPattern pattern, WeightShape shape, Gain gain, int swaps) {
        NmRiglConfiguration configuration = new NmRiglConfiguration(7, 0.3, 0.75, swaps, gain);
        return new BlockTopology(
                new NmBlocks(shape, pattern), new NmSelection(pattern), new SplittableRandom(1), configuration);
    }
}
