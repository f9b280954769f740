package org.bame.method.bame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bame.method.LayerRandom;

/** Designates the blocks that an adaptation may change: the budget's share of them, by priority. */
final class BlockSelection {
    private final BameConfiguration configuration;
    private final long seed;

    BlockSelection(BameConfiguration configuration, long seed) {
        this.configuration = configuration;
        this.seed = seed;
    }

    /** A layer's blocks as the selection sees them. */
    interface Candidates {
        /** Number of blocks. */
        int blocks();

        /** Whether the mask of a block may still change. */
        boolean changeable(int block);

        /** Priority of a changeable block; 0 or less: not to be changed. */
        double priority(int block);
    }

    /**
     * Chooses blocks.
     *
     * @param layers in the network's order
     * @param share of the blocks, of each layer or of all, that may be chosen; rounded up
     * @param step of the adaptation: random choices differ from step to step
     * @return for every layer the chosen blocks, in order of falling priority (equal ones: rising index)
     */
    List<int[]> choose(List<? extends Candidates> layers, double share, long step) {
        return switch (configuration.ranking()) {
            case PER_LAYER -> choosePerLayer(layers, share, step);
            case GLOBAL -> chooseGlobally(layers, share, step);
        };
    }

    private List<int[]> choosePerLayer(List<? extends Candidates> layers, double share, long step) {
        List<int[]> chosen = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            Candidates candidates = layers.get(layer);
            long[] keys = new long[candidates.blocks()];
            int count = collect(candidates, layer, step, 0, keys, 0);
            chosen.add(best(keys, count, share));
        }
        return chosen;
    }

    private List<int[]> chooseGlobally(List<? extends Candidates> layers, double share, long step) {
        int[] offsets = new int[layers.size() + 1];
        for (int layer = 0; layer < layers.size(); layer++) {
            offsets[layer + 1] = Math.addExact(offsets[layer], layers.get(layer).blocks());
        }
        long[] keys = new long[offsets[layers.size()]];
        int count = 0;
        for (int layer = 0; layer < layers.size(); layer++) {
            count = collect(layers.get(layer), layer, step, offsets[layer], keys, count);
        }
        int[] best = best(keys, count, share);
        List<int[]> chosen = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            int from = offsets[layer];
            int to = offsets[layer + 1];
            chosen.add(Arrays.stream(best)
                    .filter(block -> block >= from && block < to)
                    .map(block -> block - from)
                    .toArray());
        }
        return chosen;
    }

    private int collect(Candidates candidates, int layer, long step, int offset, long[] keys, int held) {
        SplittableRandom random = LayerRandom.of(seed, layer, step);
        int count = held;
        for (int block = 0; block < candidates.blocks(); block++) {
            if (!candidates.changeable(block)) {
                continue;
            }
            double priority = switch (configuration.blockSelection()) {
                case LOSS_AWARE -> candidates.priority(block);
                case RANDOM -> 1 + random.nextInt(1 << 23);
            };
            if (priority > 0) {
                keys[count++] = key((float) priority, offset + block);
            }
        }
        return count;
    }

    /** The best keys' blocks, as many as the share of all keys' places says. */
    private static int[] best(long[] keys, int count, double share) {
        Arrays.sort(keys, 0, count);
        int quota = Math.min(count, (int) Math.ceil(share * keys.length));
        int[] blocks = new int[quota];
        for (int i = 0; i < quota; i++) {
            blocks[i] = block(keys[count - 1 - i]);
        }
        return blocks;
    }

    /** Orders by a value of at least 0, then by falling block. */
    static long key(float value, int block) {
        return (long) Float.floatToIntBits(value) << 32 | Integer.MAX_VALUE - block;
    }

    static int block(long key) {
        return Integer.MAX_VALUE - (int) key;
    }
}
