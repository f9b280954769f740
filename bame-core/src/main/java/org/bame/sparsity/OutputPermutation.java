package org.bame.sparsity;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * An order of a layer's outputs in which many weights survive the thinning of their mask along the output axis: the best of
 * some random ones, of equal ones the first (Bi-Mask, methods.md 5.4). Until a search it is memory's. Outputs of a convolution
 * in groups stay in their group.
 */
public final class OutputPermutation {
    private final WeightShape shape;
    private final int[] order;
    private final int[] candidate;

    /** Memory order. */
    public OutputPermutation(WeightShape shape) {
        this.shape = shape;
        this.order = new int[shape.outputs()];
        this.candidate = new int[shape.outputs()];
        Arrays.setAll(order, output -> output);
        Arrays.setAll(candidate, output -> output);
    }

    /** The output at each place; not to be changed. */
    public int[] order() {
        return order;
    }

    /** Takes the best of {@code tries} permutations, whatever the present one is worth. */
    public void search(Mask mask, OutputAxisSelection selection, int tries, RandomGenerator random) {
        int most = -1;
        for (int i = 0; i < tries; i++) {
            shuffle(random);
            int survivors = selection.survivors(mask, candidate);
            if (survivors > most) {
                most = survivors;
                System.arraycopy(candidate, 0, order, 0, order.length);
            }
        }
    }

    /** Fisher and Yates' shuffle of each group: every order is equally likely, from whichever it starts. */
    private void shuffle(RandomGenerator random) {
        Arrays.setAll(candidate, output -> output);
        for (int last = candidate.length - 1; last > 0; last--) {
            int inGroup = last % shape.groupOutputs();
            int place = last - inGroup + random.nextInt(inGroup + 1);
            int output = candidate[place];
            candidate[place] = candidate[last];
            candidate[last] = output;
        }
    }

    /** Writes the order, for a checkpoint. */
    public void save(DataOutput out) throws IOException {
        for (int output : order) {
            out.writeInt(output);
        }
    }

    /** Takes over the order that {@link #save} wrote. */
    public void restore(DataInput in) throws IOException {
        for (int place = 0; place < order.length; place++) {
            order[place] = in.readInt();
        }
    }
}
