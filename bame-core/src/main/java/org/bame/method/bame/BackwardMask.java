package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.SplittableRandom;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.OutputAxisSelection;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * The input gradient's own mask of a layer: of the weights that the forward mask keeps, the N largest in every M outputs,
 * so that W^T is N:M too (methods.md 4.5). Consecutive outputs in memory order make a block, or, as in Bi-Mask, outputs in
 * the order, of some random ones, in which the most weights stay.
 */
final class BackwardMask {
    private final OutputAxisSelection selection;
    private final Mask mask;
    private final Support support;
    private final int candidates;
    private final int[] order;
    private final int[] candidate;

    /**
     * A mask that keeps nothing yet.
     *
     * @param candidates random orders that {@link #reorder} tries
     */
    BackwardMask(WeightShape shape, NmPattern pattern, int candidates) {
        this.selection = new OutputAxisSelection(pattern);
        this.mask = Mask.empty(shape);
        this.support = Support.of(mask);
        this.candidates = candidates;
        this.order = new int[shape.outputs()];
        this.candidate = new int[shape.outputs()];
        identity(order);
    }

    /** The weights that the input gradient multiplies by. */
    Support support() {
        return support;
    }

    /** Tries random orders of the outputs and takes the one in which the most of a forward mask's weights stay. */
    void reorder(Mask forward, SplittableRandom random) {
        identity(candidate);
        int most = -1;
        for (int i = 0; i < candidates; i++) {
            shuffle(candidate, random);
            int survivors = selection.survivors(forward, candidate);
            if (survivors > most) {
                most = survivors;
                System.arraycopy(candidate, 0, order, 0, order.length);
            }
        }
    }

    /** The random numbers of a layer's orders: others than those of its masks and blocks, whose draws are -1 and steps. */
    static SplittableRandom orders(long seed, int layer, long step) {
        return LayerRandom.of(seed, layer, -2 - step);
    }

    /** Goes back to memory order. */
    void restoreOrder() {
        identity(order);
    }

    /** Chooses anew among the weights of a forward mask. */
    void choose(Storage weights, Mask forward) {
        selection.select(weights.segment(), forward, order, mask);
    }

    private static void identity(int[] outputs) {
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = i;
        }
    }

    private static void shuffle(int[] outputs, SplittableRandom random) {
        for (int i = outputs.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int held = outputs[i];
            outputs[i] = outputs[j];
            outputs[j] = held;
        }
    }

    void save(DataOutput out) throws IOException {
        for (int output : order) {
            out.writeInt(output);
        }
        mask.save(out);
    }

    void restore(DataInput in) throws IOException {
        for (int i = 0; i < order.length; i++) {
            order[i] = in.readInt();
        }
        mask.restore(in);
    }
}
