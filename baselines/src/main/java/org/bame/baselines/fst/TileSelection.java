package org.bame.baselines.fst;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;

/**
 * Transposable 2:4 masks: in every tile of 4 outputs by 4 inputs at one kernel position, the one of the 90
 * {@link TilePatterns} that keeps the largest total magnitude; of equals the first. So the mask is 2:4 along the inputs, for
 * the forward product, and along the outputs, for the input gradient.
 *
 * <p>Outputs (of a convolution's group) that 4 does not divide leave tiles of fewer rows (assumed: no source says what to do with
 * them), which are scored as if rows of zeros completed them: every row still keeps two of four, every column at most two. An
 * instance owns its scratch memory, allocates nothing per call, and is used by one thread at a time.
 */
final class TileSelection {
    /** What its masks keep, both ways. */
    static final NmPattern PATTERN = new NmPattern(TilePatterns.KEPT, TilePatterns.SIDE);

    private static final int SIDE = TilePatterns.SIDE;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Magnitude that each pair of columns keeps in each row of a tile: {@code [row][pair]}. */
    private final float[] pairScores = new float[SIDE * TilePatterns.pairs()];

    /**
     * Selects by magnitude.
     *
     * @param weights in the mask's order
     * @param mask receives the selection; 4 divides its inputs
     * @throws ArithmeticException if a weight is NaN
     */
    void select(Storage weights, Mask mask) {
        WeightShape shape = mask.shape();
        int length = shape.rowLength();
        int end;
        for (int output = 0; output < shape.outputs(); output = end) {
            end = shape.outputBlockEnd(output, SIDE);
            int rows = end - output;
            for (int first = output * length; first < (output + 1) * length; first += SIDE) {
                score(weights.segment(), first, length, rows, shape);
                keep(best(rows), first, length, rows, mask);
            }
        }
    }

    private void score(MemorySegment weights, int first, int length, int rows, WeightShape shape) {
        for (int row = 0; row < rows; row++) {
            int at = first + row * length;
            float a = Math.abs(weights.getAtIndex(FLOAT, at));
            float b = Math.abs(weights.getAtIndex(FLOAT, at + 1));
            float c = Math.abs(weights.getAtIndex(FLOAT, at + 2));
            float d = Math.abs(weights.getAtIndex(FLOAT, at + 3));
            if (Float.isNaN(a + b + c + d)) {
                throw new ArithmeticException("One of weights " + at + " to " + (at + 3) + " of " + shape
                        + " is NaN, expected numbers: training diverged; lower the learning rate or clip gradients");
            }
            int pairs = row * TilePatterns.pairs();
            pairScores[pairs] = a + b;
            pairScores[pairs + 1] = a + c;
            pairScores[pairs + 2] = b + c;
            pairScores[pairs + 3] = a + d;
            pairScores[pairs + 4] = b + d;
            pairScores[pairs + 5] = c + d;
        }
    }

    private int best(int rows) {
        int best = 0;
        float bestScore = -1;
        for (int pattern = 0; pattern < TilePatterns.count(); pattern++) {
            float score = 0;
            for (int row = 0; row < rows; row++) {
                score += pairScores[row * TilePatterns.pairs() + TilePatterns.pair(pattern, row)];
            }
            if (score > bestScore) {
                bestScore = score;
                best = pattern;
            }
        }
        return best;
    }

    private static void keep(int pattern, int first, int length, int rows, Mask mask) {
        for (int row = 0; row < rows; row++) {
            int columns = TilePatterns.columns(TilePatterns.pair(pattern, row));
            for (int column = 0; column < SIDE; column++) {
                mask.set(first + row * length + column, (columns >> column & 1) != 0);
            }
        }
    }
}
