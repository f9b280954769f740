package org.bame.baselines.hrbp;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.WeightShape;

/**
 * That a mask consists of dense blocks of kernels: every output keeps the same number of input channels, whole kernels each,
 * and the outputs fall into groups that keep the same ones, all of full size but for the last.
 *
 * @param channels input channels that an output keeps: as many as come nearest to the pattern's share
 * @param groupSize outputs of a group
 */
record KernelBlocks(int channels, int groupSize) implements MaskPromise {
    @Override
    public void require(Mask mask, SparsityPattern pattern) {
        WeightShape shape = mask.shape();
        Map<BitSet, Integer> alike = new HashMap<>();
        for (int output = 0; output < shape.outputs(); output++) {
            BitSet kept = keptChannels(mask, output);
            if (kept.cardinality() != channels) {
                throw new IllegalStateException("Output " + output + " of " + shape + " keeps " + kept.cardinality()
                        + " input channels, expected " + channels + " by pattern " + pattern);
            }
            alike.merge(kept, 1, Integer::sum);
        }
        long partial = alike.values().stream().filter(outputs -> outputs % groupSize != 0).count();
        long expected = shape.outputs() % groupSize == 0 ? 0 : 1;
        if (partial != expected) {
            throw new IllegalStateException("Outputs of " + shape + " that keep the same input channels leave "
                    + partial
                    + " groups with fewer than " + groupSize + ", expected " + expected);
        }
    }

    private static BitSet keptChannels(Mask mask, int output) {
        WeightShape shape = mask.shape();
        BitSet channels = new BitSet(shape.inputs());
        int first = output * shape.rowLength();
        for (int i = first; i < first + shape.rowLength(); i++) {
            int input = i % shape.inputs();
            if (i < first + shape.inputs()) {
                channels.set(input, mask.get(i));
            } else if (mask.get(i) != channels.get(input)) {
                throw new IllegalStateException("The kernel of output " + output + " and input channel " + input
                        + " of " + shape + " keeps part of its weights, expected all or none");
            }
        }
        return channels;
    }
}
