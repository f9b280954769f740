package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;

/**
 * Watches how often the blocks of a layer go back and forth, lowers their priority, and freezes the worst for good
 * (methods.md 4.3). A frozen block's active weights keep training; its mask stays. Outputs that share positions share
 * their blocks' history.
 */
public final class OscillationAwareBlockFreezing {
    private final BameConfiguration configuration;
    private final NmBlocks grid;
    private final int blocks;
    private final float[] frequency;
    private final int[] oscillations;
    private final BitSet frozen;
    private final BitSet oscillatedNow;
    private final Mask prunedBefore;
    private long adaptations;

    /**
     * History of one layer, which starts at t_i.
     *
     * @param grid the blocks that freeze, as a whole
     * @param rowGroup consecutive outputs that a swap stands for
     */
    public OscillationAwareBlockFreezing(NmBlocks grid, int rowGroup, BameConfiguration configuration) {
        this.configuration = configuration;
        this.grid = grid;
        this.blocks = grid.count();
        this.frequency = new float[blocks];
        this.oscillations = new int[blocks];
        this.frozen = new BitSet(blocks);
        this.oscillatedNow = new BitSet(blocks);
        this.prunedBefore = Mask.empty(grid.shape(), rowGroup);
    }

    /** Whether a block is frozen. */
    public boolean frozen(int block) {
        return frozen.get(block);
    }

    /** Share of the blocks that are frozen. */
    public double frozenShare() {
        return (double) frozen.cardinality() / blocks;
    }

    /** Oscillation frequency f_b, from 0 to 1. */
    public double frequency(int block) {
        return frequency[block];
    }

    /** Oscillations of a block so far. */
    public int oscillations(int block) {
        return oscillations[block];
    }

    /** Joint priority of a block for change, from its expected loss reduction; 0 if it must not change. */
    public double priority(int block, double lossReduction) {
        if (frozen.get(block)) {
            return 0;
        }
        return switch (configuration.joint()) {
            case HARD -> frequency[block] <= configuration.tau() ? lossReduction : 0;
            case SOFT -> lossReduction / (1 + configuration.gamma() * frequency[block]);
            case NONE -> lossReduction;
        };
    }

    /**
     * Notes a swap of the adaptation that is going on; where outputs share positions, it stands for all rows of its block.
     *
     * @return whether it revived a weight that an earlier adaptation had pruned
     */
    public boolean recordSwap(int pruned, int revived) {
        int block = grid.of(pruned);
        if (frozen.get(block)) {
            throw new IllegalStateException("Swap of weights " + pruned + " and " + revived + " in block " + block
                    + ", which is frozen; expected an unfrozen block");
        }
        boolean reversal = prunedBefore.get(revived);
        prunedBefore.set(pruned, true);
        if (reversal || configuration.oscillation() == BameConfiguration.Oscillation.CHANGE) {
            oscillatedNow.set(block);
        }
        return reversal;
    }

    /** Ends an adaptation: updates every block's frequency and freezes. */
    public void endAdaptation() {
        adaptations++;
        float mu = (float) configuration.mu();
        for (int block = 0; block < blocks; block++) {
            int oscillated = oscillatedNow.get(block) ? 1 : 0;
            oscillations[block] += oscillated;
            frequency[block] = switch (configuration.frequency()) {
                case RUNNING_MEAN -> mu * frequency[block] + (1 - mu) * oscillated;
                case ACCUMULATED -> (float) oscillations[block] / adaptations;
            };
        }
        oscillatedNow.clear();
        switch (configuration.freezeRule()) {
            case THRESHOLD -> freezeAboveThreshold();
            case QUANTILE -> freezeQuantile();
            case NONE -> {
            }
        }
    }

    private void freezeAboveThreshold() {
        for (int block = 0; block < blocks; block++) {
            if (frequency[block] > configuration.tau() && oscillations[block] >= configuration.minCount()) {
                frozen.set(block);
            }
        }
    }

    private void freezeQuantile() {
        long[] keys = new long[blocks];
        int candidates = 0;
        for (int block = 0; block < blocks; block++) {
            if (!frozen.get(block) && frequency[block] > 0) {
                keys[candidates++] = BlockSelection.key(frequency[block], block);
            }
        }
        Arrays.sort(keys, 0, candidates);
        int quota = Math.min(candidates, (int) Math.ceil(configuration.phi() * blocks));
        for (int i = 0; i < quota; i++) {
            frozen.set(BlockSelection.block(keys[candidates - 1 - i]));
        }
    }

    /** Writes the history, between two adaptations. */
    void save(DataOutput out) throws IOException {
        out.writeLong(adaptations);
        out.writeInt(blocks);
        for (int block = 0; block < blocks; block++) {
            out.writeFloat(frequency[block]);
            out.writeInt(oscillations[block]);
            out.writeBoolean(frozen.get(block));
        }
        prunedBefore.save(out);
    }

    /** Restores what {@link #save} wrote. */
    void restore(DataInput in) throws IOException {
        adaptations = in.readLong();
        int saved = in.readInt();
        if (saved != blocks) {
            throw new IllegalArgumentException("Checkpoint has " + saved + " blocks, expected " + blocks
                    + " by pattern " + grid.pattern()
                    + ": it belongs to a run with another pattern; restore it there, or train"
                    + " anew");
        }
        for (int block = 0; block < blocks; block++) {
            frequency[block] = in.readFloat();
            oscillations[block] = in.readInt();
            frozen.set(block, in.readBoolean());
        }
        prunedBefore.restore(in);
    }
}
