package org.bame.baselines.rigl;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bame.baselines.dynamic.Topology;
import org.bame.kernel.Storage;
import org.bame.method.bame.BameConfiguration.PruneScore;
import org.bame.method.bame.BlockSwaps;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmSelection;

/**
 * Drop and grow inside the blocks of an N:M mask: in the blocks of largest gain the smallest |w| gives way to the pruned
 * weight of largest |g|. Where outputs share positions, columns are exchanged, by the sums of |w| and of g^2 over the rows.
 */
final class BlockTopology implements Topology {
    private final NmSelection selection;
    private final RandomGenerator random;
    private final NmBlocks blocks;
    private final BlockSwaps exchanges;
    private final int swaps;
    private final NmRiglConfiguration.Gain gain;
    private final int[] counts;
    private final long[] keys;

    BlockTopology(
            NmBlocks blocks, NmSelection selection, RandomGenerator random, NmRiglConfiguration configuration) {
        this.blocks = blocks;
        this.selection = selection;
        this.random = random;
        int n = blocks.pattern().n();
        this.swaps = Math.min(configuration.swapsPerBlock(), Math.min(n, blocks.pattern().m() - n));
        this.exchanges = new BlockSwaps(blocks, swaps, PruneScore.MAGNITUDE);
        this.gain = configuration.gain();
        this.counts = new int[blocks.count()];
        this.keys = new long[blocks.count()];
    }

    @Override
    public void begin(Mask mask) {
        selection.selectRandom(random, mask);
    }

    @Override
    public boolean needsDenseGradient() {
        return true;
    }

    @Override
    public void evolve(Update update, Mask next) {
        // Its look-ahead weighs gains against losses, which do not count here: only the order within a block does.
        exchanges.propose(update.weights(), update.gradient(), update.mask(), 1);
        int candidates = 0;
        for (int block = 0; block < blocks.count(); block++) {
            float total = totalGain(block, update.gradient());
            if (total > 0) {
                keys[candidates++] = (long) Float.floatToIntBits(total) << 32 | Integer.MAX_VALUE - block;
            }
        }
        Arrays.sort(keys, 0, candidates);
        int quota = Math.min(candidates, (int) Math.ceil(update.share() * blocks.count()));
        for (int rank = candidates - 1; rank >= candidates - quota; rank--) {
            int block = Integer.MAX_VALUE - (int) keys[rank];
            for (int k = 0; k < counts[block]; k++) {
                next.set(exchanges.pruned(block, k), false);
                next.set(exchanges.revived(block, k), true);
            }
        }
    }

    /** Gain by the block's exchanges, best first, until one brings nothing; notes how many these are. */
    private float totalGain(int block, Storage gradient) {
        double total = 0;
        int k = 0;
        for (; k < swaps; k++) {
            double change = squares(exchanges.revived(block, k), block, gradient);
            if (gain == NmRiglConfiguration.Gain.DIFFERENCE) {
                change -= squares(exchanges.pruned(block, k), block, gradient);
            }
            if (!(change > 0)) {
                break;
            }
            total += change;
        }
        counts[block] = k;
        return (float) total;
    }

    private double squares(int weight, int block, Storage gradient) {
        double sum = 0;
        for (int row = 0; row < blocks.rows(block); row++) {
            double g = gradient.get(weight + row * blocks.shape().rowLength());
            sum += g * g;
        }
        return sum;
    }
}
