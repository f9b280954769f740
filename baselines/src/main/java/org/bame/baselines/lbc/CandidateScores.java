package org.bame.baselines.lbc;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;

/**
 * The scores alpha of a layer's candidates, and their training by stochastic gradient descent with momentum. A score that is
 * minus infinity is that of a removed candidate: it is the lowest for ever. (The code sets removed scores to 0, from where
 * their momentum may carry them back; the paper removes them for good.)
 */
final class CandidateScores {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final float REMOVED = Float.NEGATIVE_INFINITY;

    private final NmBlocks blocks;
    private final Candidates candidates;
    /** By block, then candidate. */
    private final float[] scores;
    private final float[] velocities;
    /** By position of a block: gradient of the mask's element there. */
    private final float[] slopes;
    private int survivors;

    CandidateScores(NmBlocks blocks, Candidates candidates) {
        this.blocks = blocks;
        this.candidates = candidates;
        this.scores = new float[Math.multiplyExact(blocks.count(), candidates.count())];
        this.velocities = new float[scores.length];
        this.slopes = new float[blocks.pattern().m()];
        this.survivors = candidates.count();
        // The candidates that keep one position then sum to 1: there are C N / M of them.
        Arrays.fill(
                scores, (float) ((double) blocks.pattern().m() / (candidates.count() * blocks.pattern().n())));
    }

    /** Candidates that each block still has. */
    int survivors() {
        return survivors;
    }

    /** The score of a candidate of a block; minus infinity if it was removed. */
    float score(int block, int candidate) {
        return scores[block * candidates.count() + candidate];
    }

    /**
     * A step of descent for the scores that are left. The mask's elements are 0 or 1, and their gradient {@code g w} is taken
     * for that of the sum of the scores (straight-through): a score gets the sum over the weights that its candidate keeps, in
     * all rows of the block.
     *
     * @param gradient with respect to the masked weights
     */
    void train(Storage weights, Storage gradient, float rate, float momentum, float decay) {
        MemorySegment w = weights.segment();
        MemorySegment g = gradient.segment();
        int count = candidates.count();
        for (int block = 0; block < blocks.count(); block++) {
            Arrays.fill(slopes, 0f);
            for (int row = 0; row < blocks.rows(block); row++) {
                int first = blocks.first(block) + row * blocks.shape().rowLength();
                for (int i = 0; i < slopes.length; i++) {
                    slopes[i] += g.getAtIndex(FLOAT, first + i) * w.getAtIndex(FLOAT, first + i);
                }
            }
            for (int candidate = 0; candidate < count; candidate++) {
                int index = block * count + candidate;
                if (scores[index] == REMOVED) {
                    continue;
                }
                float slope = 0;
                for (int position : candidates.positions(candidate)) {
                    slope += slopes[position];
                }
                velocities[index] = momentum * velocities[index] + (slope + decay * scores[index]);
                scores[index] -= rate * velocities[index];
            }
        }
    }

    /**
     * Removes each block's lowest scores until so many are left; of equal ones the last first.
     *
     * @return whether any was removed
     * @throws ArithmeticException if a score is no number
     */
    boolean keepBest(int wanted) {
        if (wanted >= survivors) {
            return false;
        }
        for (int block = 0; block < blocks.count(); block++) {
            for (int left = survivors; left > wanted; left--) {
                scores[lowest(block)] = REMOVED;
            }
        }
        survivors = wanted;
        return true;
    }

    private int lowest(int block) {
        int from = block * candidates.count();
        int lowest = -1;
        for (int i = from; i < from + candidates.count(); i++) {
            if (Float.isNaN(scores[i])) {
                throw new ArithmeticException("Score of candidate " + (i - from) + " of block " + block + " of weights "
                        + blocks.shape() + " is NaN, expected a number: training diverged; lower the learning rate or"
                        + " clip gradients");
            }
            if (scores[i] != REMOVED && (lowest < 0 || scores[i] <= scores[lowest])) {
                lowest = i;
            }
        }
        return lowest;
    }

    /** Makes a mask keep what any candidate keeps that is left. */
    void unite(Mask mask) {
        for (int block = 0; block < blocks.count(); block++) {
            int first = blocks.first(block);
            for (int i = first; i < first + slopes.length; i++) {
                mask.set(i, false);
            }
            for (int candidate = 0; candidate < candidates.count(); candidate++) {
                if (score(block, candidate) != REMOVED) {
                    for (int position : candidates.positions(candidate)) {
                        mask.set(first + position, true);
                    }
                }
            }
        }
    }

    /** Writes scores and velocities, unless there is nothing left to decide. */
    void save(DataOutput out) throws IOException {
        out.writeInt(survivors);
        for (int i = 0; survivors > 1 && i < scores.length; i++) {
            out.writeFloat(scores[i]);
            out.writeFloat(velocities[i]);
        }
    }

    /** Restores what {@link #save} wrote. */
    void restore(DataInput in) throws IOException {
        survivors = in.readInt();
        for (int i = 0; survivors > 1 && i < scores.length; i++) {
            scores[i] = in.readFloat();
            velocities[i] = in.readFloat();
        }
    }
}
