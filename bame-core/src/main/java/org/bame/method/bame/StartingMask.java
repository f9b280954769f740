package org.bame.method.bame;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.TransposableSelection;

/** How the masks are chosen from which adaptation starts. */
sealed interface StartingMask {

    /** Keeps weights of large score; the number of bits that changed. */
    int select(MemorySegment scores, Mask mask);

    /** Keeps weights at random; the number of bits that changed. */
    int selectRandom(SplittableRandom random, Mask mask);

    /** The one that the configuration wants. */
    static StartingMask of(BameConfiguration.Transpose transpose, NmPattern pattern) {
        return transpose == BameConfiguration.Transpose.TILE
                ? new Transposable(new TransposableSelection(pattern))
                : new Rows(new NmSelection(pattern));
    }

    /** N of every block, whatever W^T looks like. */
    record Rows(NmSelection selection) implements StartingMask {
        @Override
        public int select(MemorySegment scores, Mask mask) {
            return selection.select(scores, mask);
        }

        @Override
        public int selectRandom(SplittableRandom random, Mask mask) {
            return selection.selectRandom(random, mask);
        }
    }

    /** N in every row and column of M x M tiles. */
    record Transposable(TransposableSelection selection) implements StartingMask {
        @Override
        public int select(MemorySegment scores, Mask mask) {
            return selection.select(scores, mask);
        }

        @Override
        public int selectRandom(SplittableRandom random, Mask mask) {
            float[] scores = new float[mask.shape().size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextFloat();
            }
            return selection.select(scores, mask);
        }
    }
}
