package org.bame.sparsity;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/**
 * Chooses a layer's mask by a pattern: the weights of largest magnitude of score among those that the pattern lets compete.
 * Ties go to the lowest index, so that a mask depends on the scores alone. Infinities rank above every finite number; NaN is
 * an error, because a mask chosen among NaNs would hide that training diverged.
 *
 * <p>An instance owns its scratch memory, allocates nothing per call, and is used by one thread at a time.
 */
public sealed interface MaskSelection permits NmSelection, TopSelection {
    /** A selection by a layer's pattern ({@link SparsityPattern#perLayer}). */
    static MaskSelection of(SparsityPattern pattern) {
        return switch (pattern) {
            case NmPattern nm -> new NmSelection(nm);
            case UnstructuredPattern unstructured -> new TopSelection(unstructured);
            case FanInPattern fanIn -> new TopSelection(fanIn);
        };
    }

    /** The pattern. */
    SparsityPattern pattern();

    /**
     * Selects by the magnitude of 32-bit scores in the weights' memory order.
     *
     * @param scores one native-order float a weight; any alignment
     * @param mask receives the selection; its weights fit the pattern
     * @return number of weights whose bit changed
     * @throws ArithmeticException if a score is NaN
     */
    int select(MemorySegment scores, Mask mask);

    /** As {@link #select(MemorySegment, Mask)}, for scores on the heap. */
    default int select(float[] scores, Mask mask) {
        return select(MemorySegment.ofArray(scores), mask);
    }

    /** Selects at random, every choice that the pattern allows equally likely. Allocates. */
    int selectRandom(RandomGenerator random, Mask mask);
}
