package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SplittableRandom;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.OutputAxisSelection;
import org.bame.sparsity.OutputPermutation;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * The input gradient's own mask of a layer: of the weights that the forward mask keeps, the N largest in every M outputs,
 * so that W^T is N:M too (methods.md 4.5). Consecutive outputs in memory order make a block, or, as in Bi-Mask, outputs in
 * the order, of some random ones, in which the most weights stay.
 */
final class BackwardMask {
    private final NmPattern pattern;
    private final OutputAxisSelection selection;
    private final Mask mask;
    private final Support support;
    private final OutputPermutation permutation;
    private final int candidates;

    /**
     * A mask that keeps nothing yet, of outputs in memory order.
     *
     * @param candidates random orders that {@link #reorder} tries
     */
    BackwardMask(WeightShape shape, NmPattern pattern, int candidates) {
        this.pattern = pattern;
        this.selection = new OutputAxisSelection(pattern);
        this.mask = Mask.empty(shape);
        this.support = Support.of(mask);
        this.permutation = new OutputPermutation(shape);
        this.candidates = candidates;
    }

    /** The weights that the input gradient multiplies by. */
    Support support() {
        return support;
    }

    /** What the mask keeps in the order last taken. */
    OutputAxisPromise promise() {
        return new OutputAxisPromise(pattern, permutation);
    }

    /** Tries random orders of the outputs and takes the one in which the most of a forward mask's weights stay. */
    void reorder(Mask forward, SplittableRandom random) {
        permutation.search(forward, selection, candidates, random);
    }

    /** The random numbers of a layer's orders: others than those of its masks and blocks, whose draws are -1 and steps. */
    static SplittableRandom orders(long seed, int layer, long step) {
        return LayerRandom.of(seed, layer, -2 - step);
    }

    /** Chooses anew among the weights of a forward mask, in the order last taken. */
    void choose(Storage weights, Mask forward) {
        selection.select(weights.segment(), forward, permutation.order(), mask);
    }

    /** Chooses anew, in memory order whatever was taken before. */
    void chooseInMemoryOrder(Storage weights, Mask forward) {
        selection.select(weights.segment(), forward, mask);
    }

    void save(DataOutput out) throws IOException {
        permutation.save(out);
        mask.save(out);
    }

    void restore(DataInput in) throws IOException {
        permutation.restore(in);
        mask.restore(in);
    }
}
