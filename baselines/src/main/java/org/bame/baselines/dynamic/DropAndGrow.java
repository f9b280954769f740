package org.bame.baselines.dynamic;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.TopScores;

/**
 * The two choices of a mask update whose weights compete one by one: which stay, by the magnitude of the weights, and which
 * come, by the magnitude of the gradients or at random (methods.md 5.12). Of equals the first is taken.
 *
 * <p>An instance owns its scratch memory, which grows to the largest layer, and is used by one thread at a time.
 */
public final class DropAndGrow {
    private static final int INFINITY_BITS = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private final TopScores top = new TopScores();
    private float[] scores = {};

    /**
     * Exchanges weights anywhere in a layer, which keeps its number of weights.
     *
     * @param random of this update; used by {@link Growth#RANDOM}
     * @param grown receives the weights that come
     * @param next receives these and the weights that stay
     */
    public void exchange(Topology.Update update, Growth growth, RandomGenerator random, Mask grown, Mask next) {
        int dropped = drop(update, next);
        switch (growth) {
            case GRADIENT -> growByGradient(update.gradient(), 0, next.shape().size(), dropped, next, grown);
            case RANDOM -> growAtRandom(random, dropped, next, grown);
        }
        next.union(grown);
    }

    /**
     * Keeps all but the share of smallest magnitude of the weights that there are, rounded down. Weights that are exactly 0
     * have not learnt anything since they were grown and go as well (as in the code of SRigL).
     *
     * @param kept receives those that stay
     * @return number of weights dropped
     * @throws ArithmeticException if a weight is NaN
     */
    public int drop(Topology.Update update, Mask kept) {
        int active = update.mask().count();
        int staying = Math.min(active - (int) (update.share() * active), nonzeros(update.weights()));
        top.select(update.weights().segment(), 0, kept.shape().size(), staying, kept);
        return active - staying;
    }

    private static int nonzeros(Storage weights) {
        int count = 0;
        for (int i = 0; i < weights.size(); i++) {
            count += weights.get(i) != 0 ? 1 : 0;
        }
        return count;
    }

    /**
     * Chooses the weights of {@code [from, end)} with the largest gradients among those that do not stay: one just dropped
     * may come again.
     *
     * @param count how many, at most as many as do not stay
     * @param kept those that stay
     * @param grown receives the choice in this range
     * @throws ArithmeticException if a gradient is NaN
     */
    public void growByGradient(Storage gradient, int from, int end, int count, Mask kept, Mask grown) {
        MemorySegment segment = scores(kept);
        for (int i = from; i < end; i++) {
            // Above the score of weights that stay, even without a gradient.
            scores[i] = kept.get(i) ? 0 : Math.max(Math.abs((float) gradient.get(i)), Float.MIN_VALUE);
        }
        top.select(segment, from, end, count, grown);
    }

    /**
     * Chooses {@code count} weights at random among those that do not stay, each with the same probability.
     *
     * @param kept those that stay
     * @param grown receives the choice
     */
    private void growAtRandom(RandomGenerator random, int count, Mask kept, Mask grown) {
        MemorySegment segment = scores(kept);
        int size = kept.shape().size();
        for (int i = 0; i < size; i++) {
            scores[i] = kept.get(i) ? 0 : Float.intBitsToFloat(1 + random.nextInt(INFINITY_BITS - 1));
        }
        top.select(segment, 0, size, count, grown);
    }

    private MemorySegment scores(Mask mask) {
        int size = mask.shape().size();
        if (scores.length < size) {
            scores = new float[size];
        }
        return MemorySegment.ofArray(scores).asSlice(0, (long) size * Float.BYTES);
    }
}
