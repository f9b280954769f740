package org.bame.baselines.maxq;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;

/**
 * Effective weights {@code w m (1 + a_F + a_K)} of MaxQ (methods.md 5.2). Along an axis (a filter, or all weights at one
 * kernel position) the N/M largest magnitudes get {@code sigmoid((|w| - th) / tau)}, where th lies midway between the
 * smallest of them and the next smaller magnitude; the others get 0. Magnitudes equal to the smallest kept one count as
 * kept. The soft masks weigh single weights and choose no positions: outputs that share positions keep their own.
 *
 * <p>An instance owns its buffers, which grow to the largest layer, and is used by one thread at a time.
 */
final class MultiAxisQuery {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final NmPattern pattern;
    private final boolean filterMask;
    private final boolean kernelMask;
    private final SoftThreshold filter;
    private final SoftThreshold position;
    private float[] weights = {};
    private float[] scales = {};
    private int[] ordered = {};

    MultiAxisQuery(NmPattern pattern, MaxQConfiguration configuration) {
        this.pattern = pattern;
        this.filterMask = configuration.filterMask();
        this.kernelMask = configuration.kernelMask();
        this.filter = new SoftThreshold((float) configuration.tau());
        this.position = new SoftThreshold((float) configuration.tau());
    }

    /**
     * Computes effective weights.
     *
     * @param mask the N:M mask m (with dense blocks during the ramp); elsewhere effective weights are 0
     * @param stored {@code FLOAT}, in mask order, free of NaN
     * @param effective receives the result
     */
    void compute(Mask mask, Storage stored, Storage effective) {
        WeightShape shape = mask.shape();
        int size = shape.size();
        if (weights.length < size) {
            weights = new float[size];
            scales = new float[size];
            ordered = new int[size];
        }
        MemorySegment.copy(stored.segment(), FLOAT, 0, weights, 0, size);
        Arrays.fill(scales, 0, size, 1f);
        if (filterMask) {
            for (int output = 0; output < shape.outputs(); output++) {
                queryFilter(mask, shape, output);
            }
        }
        if (kernelMask && shape.kernelHeight() == 3 && shape.kernelWidth() == 3) {
            for (int kernelPosition = 0; kernelPosition < 9; kernelPosition++) {
                queryPosition(mask, shape, kernelPosition);
            }
        }
        // The weights' copy becomes the result.
        int next = 0;
        for (int i = mask.nextKept(0, size); i >= 0; i = mask.nextKept(i + 1, size)) {
            Arrays.fill(weights, next, i, 0f);
            weights[i] *= scales[i];
            next = i + 1;
        }
        Arrays.fill(weights, next, size, 0f);
        MemorySegment.copy(weights, 0, effective.segment(), FLOAT, 0, size);
    }

    private void queryFilter(Mask mask, WeightShape shape, int output) {
        int from = output * shape.rowLength();
        int count = shape.rowLength();
        for (int i = 0; i < count; i++) {
            ordered[i] = Float.floatToRawIntBits(Math.abs(weights[from + i]));
        }
        filter.cut(ordered, count, pattern);
        strengthen(mask, from, from + count, filter);
    }

    private void queryPosition(Mask mask, WeightShape shape, int kernelPosition) {
        int inputs = shape.inputs();
        int count = 0;
        for (int output = 0; output < shape.outputs(); output++) {
            int from = output * shape.rowLength() + kernelPosition * inputs;
            for (int i = 0; i < inputs; i++) {
                ordered[count + i] = Float.floatToRawIntBits(Math.abs(weights[from + i]));
            }
            count += inputs;
        }
        position.cut(ordered, count, pattern);
        for (int output = 0; output < shape.outputs(); output++) {
            int from = output * shape.rowLength() + kernelPosition * inputs;
            strengthen(mask, from, from + inputs, position);
        }
    }

    private void strengthen(Mask mask, int from, int to, SoftThreshold threshold) {
        for (int i = mask.nextKept(from, to); i >= 0; i = mask.nextKept(i + 1, to)) {
            scales[i] += threshold.strength(Math.abs(weights[i]));
        }
    }
}
