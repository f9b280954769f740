package org.bame.baselines.asp;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bame.kernel.Storage;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;

/**
 * Searches an order of a layer's input channels in which an N:M mask keeps more magnitude: the best swap of two channels of
 * different blocks, again and again (greedy channel swaps of Pool and Yu, NeurIPS 2021, without their escapes from local
 * optima). Of equal swaps the one of the lowest places is taken.
 *
 * <p>What a swap gains needs no selection. Let a row of a block keep {@code v_1 >= ... >= v_N} of its M magnitudes. If channel
 * a leaves and b comes, the row keeps {@code max(b, x) - y} more, with {@code x = v_(N+1), y = a} if a was kept and
 * {@code x = y = v_N} if not. So each channel has a vector x and a sum of y, and a pair of channels costs two maxima a row.
 */
final class ChannelPermutation {
    /** Smaller gains, relative to the kept magnitude, are not worth a swap, and rounding may feign them for ever. */
    private static final double LEAST_GAIN = 1e-6;

    private final NmPattern pattern;
    private final WeightShape shape;
    private final int rows;
    /** By channel: a magnitude a row. Outputs that share positions make up one row. */
    private final float[][] magnitudes;
    /** By channel: x of each row. */
    private final float[][] replaceable;
    /** By channel: sum of y over the rows. */
    private final double[] contributions;
    private final int[] order;
    private final double[][] gains;
    private final float[] sorted;

    ChannelPermutation(WeightShape shape, NmPattern pattern) {
        this.pattern = pattern;
        this.shape = shape;
        int inputs = shape.inputs();
        this.rows = Math.ceilDiv(shape.outputs(), pattern.rowGroup()) * shape.kernelHeight() * shape.kernelWidth();
        this.magnitudes = new float[inputs][rows];
        this.replaceable = new float[inputs][rows];
        this.contributions = new double[inputs];
        this.order = IntStream.range(0, inputs).toArray();
        this.gains = new double[inputs][inputs];
        this.sorted = new float[pattern.m()];
    }

    /**
     * Searches; once an instance.
     *
     * @param weights {@code FLOAT}, in mask order
     * @return the channel at each place; blocks are M consecutive places
     */
    int[] search(Storage weights) {
        int inputs = order.length;
        if (pattern.n() == pattern.m()) {
            return order;
        }
        load(weights);
        double kept = 0;
        for (int block = 0; block < inputs; block += pattern.m()) {
            kept += weigh(block);
        }
        for (int place = 0; place < inputs; place++) {
            updateGains(place);
        }
        for (long pair = bestPair(kept); pair >= 0; pair = bestPair(kept)) {
            int a = (int) (pair / inputs);
            int b = (int) (pair % inputs);
            kept += gains[a][b];
            int channel = order[a];
            order[a] = order[b];
            order[b] = channel;
            updateBlock(a - a % pattern.m());
            updateBlock(b - b % pattern.m());
        }
        return order;
    }

    private void load(Storage weights) {
        int positions = shape.kernelHeight() * shape.kernelWidth();
        for (int i = 0; i < shape.size(); i++) {
            int group = i / shape.rowLength() / pattern.rowGroup();
            int position = i % shape.rowLength() / order.length;
            magnitudes[i % order.length][group * positions + position] += (float) Math.abs(weights.get(i));
        }
    }

    /** Works out x and y of a block's channels; what the block keeps. */
    private double weigh(int block) {
        int m = pattern.m();
        double kept = 0;
        for (int place = block; place < block + m; place++) {
            contributions[order[place]] = 0;
        }
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < m; i++) {
                sorted[i] = magnitudes[order[block + i]][row];
            }
            Arrays.sort(sorted);
            float last = sorted[m - pattern.n()];
            float next = sorted[m - pattern.n() - 1];
            for (int i = 0; i < m; i++) {
                int channel = order[block + i];
                float magnitude = magnitudes[channel][row];
                replaceable[channel][row] = magnitude >= last ? next : last;
                contributions[channel] += Math.max(magnitude, last);
                kept += i < m - pattern.n() ? 0 : sorted[i];
            }
        }
        return kept;
    }

    private void updateBlock(int block) {
        weigh(block);
        for (int place = block; place < block + pattern.m(); place++) {
            updateGains(place);
        }
    }

    /** Gains of all swaps with one place, at (smaller place, larger place). */
    private void updateGains(int place) {
        for (int other = 0; other < order.length; other++) {
            if (other / pattern.m() != place / pattern.m()) {
                gains[Math.min(place, other)][Math.max(place, other)] = gain(order[place], order[other]);
            }
        }
    }

    private double gain(int a, int b) {
        float[] valueA = magnitudes[a];
        float[] valueB = magnitudes[b];
        float[] replaceableA = replaceable[a];
        float[] replaceableB = replaceable[b];
        double inA = 0;
        double inB = 0;
        for (int row = 0; row < rows; row++) {
            inA += Math.max(valueB[row], replaceableA[row]);
            inB += Math.max(valueA[row], replaceableB[row]);
        }
        return inA + inB - contributions[a] - contributions[b];
    }

    /** The pair of places whose swap gains most, as {@code a * inputs + b} with a below b; -1 if none is worth it. */
    private long bestPair(double kept) {
        int inputs = order.length;
        long best = -1;
        double most = LEAST_GAIN * kept;
        for (int a = 0; a < inputs; a++) {
            for (int b = a + 1; b < inputs; b++) {
                if (gains[a][b] > most) {
                    most = gains[a][b];
                    best = (long) a * inputs + b;
                }
            }
        }
        return best;
    }
}
