package org.bame.sparsity;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/**
 * Keeps the weights of largest magnitude of a whole layer ({@link UnstructuredPattern}) or of each output
 * ({@link FanInPattern}). Every weight competes for itself: a mask that promises equal rows is refused.
 */
public final class TopSelection implements MaskSelection {
    private final SparsityPattern pattern;
    private final TopScores top = new TopScores();

    /** A selection for layers that keep this pattern's share. */
    public TopSelection(UnstructuredPattern pattern) {
        this.pattern = pattern;
    }

    /** A selection for layers whose outputs keep this pattern's share. */
    public TopSelection(FanInPattern pattern) {
        this.pattern = pattern;
    }

    @Override
    public SparsityPattern pattern() {
        return pattern;
    }

    @Override
    public int select(MemorySegment scores, Mask mask) {
        WeightShape shape = mask.shape();
        return switch (pattern) {
            case UnstructuredPattern whole -> top.select(scores, 0, shape.size(), whole.kept(shape), mask);
            case FanInPattern fanIn -> {
                int length = shape.rowLength();
                int kept = fanIn.kept(shape);
                int changed = 0;
                for (int first = 0; first < shape.size(); first += length) {
                    changed += top.select(scores, first, first + length, kept, mask);
                }
                yield changed;
            }
            case NmPattern nm -> throw new AssertionError(nm);
        };
    }

    @Override
    public int selectRandom(RandomGenerator random, Mask mask) {
        float[] scores = new float[mask.shape().size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Float.intBitsToFloat(random.nextInt(TopScores.INFINITY_BITS));
        }
        return select(scores, mask);
    }
}
