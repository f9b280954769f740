package org.bame.baselines.hrbp;

import java.util.Arrays;
import org.bame.sparsity.Mask;
import org.bame.sparsity.WeightShape;

/**
 * Groups of outputs whose kernel masks are alike. Greedy and deterministic: the first output without a group opens one, and
 * the free outputs of largest Jaccard similarity with it join, of equals the first. The last group has what is left.
 */
final class FilterGroups {
    private FilterGroups() {}

    /**
     * Groups the outputs.
     *
     * @param kernels kernel-wise mask: a weight of shape {@code [outputs][1][1][inputs]} a kernel
     * @param size outputs of a group
     * @return the group of each output, numbered in the order in which they were opened
     */
    static int[] of(Mask kernels, int size) {
        int outputs = kernels.shape().outputs();
        long[][] rows = rows(kernels);
        int[] groups = new int[outputs];
        Arrays.fill(groups, -1);
        int group = 0;
        for (int first = 0; first < outputs; first++) {
            if (groups[first] >= 0) {
                continue;
            }
            groups[first] = group;
            for (int member = 1; member < size; member++) {
                int closest = closest(rows, groups, first);
                if (closest < 0) {
                    break;
                }
                groups[closest] = group;
            }
            group++;
        }
        return groups;
    }

    /** The output without a group that is most similar to one that has opened a group; -1: none is free. */
    private static int closest(long[][] rows, int[] groups, int opener) {
        int closest = -1;
        double best = -1;
        for (int output = opener + 1; output < groups.length; output++) {
            if (groups[output] < 0) {
                double similarity = jaccard(rows[opener], rows[output]);
                if (similarity > best) {
                    best = similarity;
                    closest = output;
                }
            }
        }
        return closest;
    }

    /** Kernels that both keep over kernels that either keeps; 1 if neither keeps any. */
    private static double jaccard(long[] a, long[] b) {
        int both = 0;
        int either = 0;
        for (int word = 0; word < a.length; word++) {
            both += Long.bitCount(a[word] & b[word]);
            either += Long.bitCount(a[word] | b[word]);
        }
        return either == 0 ? 1 : (double) both / either;
    }

    private static long[][] rows(Mask kernels) {
        WeightShape shape = kernels.shape();
        int length = shape.rowLength();
        long[][] rows = new long[shape.outputs()][Math.ceilDiv(length, 64)];
        for (int i = kernels.nextKept(0, shape.size()); i >= 0; i = kernels.nextKept(i + 1, shape.size())) {
            rows[i / length][i % length >>> 6] |= 1L << i % length;
        }
        return rows;
    }
}
