package org.bame.baselines.slope;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bame.kernel.Storage;
import org.bame.sparsity.WeightShape;

/**
 * Low-rank adapters of a weight matrix {@code [outputs][row]}: L R is added to it, L {@code [outputs][rank]} starting as 0, R
 * {@code [rank][row]} uniformly in {@code +-1/sqrt(row)} (as in LoRA, Hu et al. 2021: assumed). Trained by stochastic gradient
 * descent with momentum, without weight decay: {@code v = momentum v + g; L -= rate v}.
 */
final class LowRankAdapters {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final int outputs;
    private final int row;
    private final int rank;
    private final float momentum;
    private final float[] left;
    private final float[] right;
    private final float[] leftVelocity;
    private final float[] rightVelocity;
    private final float[] leftGradient;
    private final float[] rightGradient;

    LowRankAdapters(WeightShape shape, int rank, double momentum) {
        this.outputs = shape.outputs();
        this.row = shape.rowLength();
        this.rank = rank;
        this.momentum = (float) momentum;
        this.left = new float[outputs * rank];
        this.right = new float[rank * row];
        this.leftVelocity = new float[left.length];
        this.rightVelocity = new float[right.length];
        this.leftGradient = new float[left.length];
        this.rightGradient = new float[right.length];
    }

    /** Draws R. */
    void draw(RandomGenerator random) {
        double bound = 1 / Math.sqrt(row);
        for (int i = 0; i < right.length; i++) {
            right[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
    }

    /** weights = weights + L R. */
    void addTo(Storage weights) {
        for (int output = 0; output < outputs; output++) {
            for (int k = 0; k < rank; k++) {
                float factor = left[output * rank + k];
                for (int i = 0; i < row; i++) {
                    long at = (long) output * row + i;
                    float sum = weights.segment().getAtIndex(FLOAT, at) + factor * right[k * row + i];
                    weights.segment().setAtIndex(FLOAT, at, sum);
                }
            }
        }
    }

    /**
     * One step of gradient descent: dL = G R^T, dR = L^T G.
     *
     * @param gradient G, of the loss with respect to the sum of matrix and adapters
     */
    void descend(Storage gradient, double rate) {
        Arrays.fill(rightGradient, 0);
        for (int output = 0; output < outputs; output++) {
            for (int k = 0; k < rank; k++) {
                float factor = left[output * rank + k];
                float sum = 0;
                for (int i = 0; i < row; i++) {
                    float g = gradient.segment().getAtIndex(FLOAT, (long) output * row + i);
                    sum += g * right[k * row + i];
                    rightGradient[k * row + i] += factor * g;
                }
                leftGradient[output * rank + k] = sum;
            }
        }
        update(left, leftVelocity, leftGradient, (float) rate);
        update(right, rightVelocity, rightGradient, (float) rate);
    }

    private void update(float[] values, float[] velocity, float[] gradient, float rate) {
        for (int i = 0; i < values.length; i++) {
            velocity[i] = momentum * velocity[i] + gradient[i];
            values[i] -= rate * velocity[i];
        }
    }

    void save(DataOutput out) throws IOException {
        for (float[] numbers : state()) {
            for (float number : numbers) {
                out.writeFloat(number);
            }
        }
    }

    void restore(DataInput in) throws IOException {
        for (float[] numbers : state()) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readFloat();
            }
        }
    }

    private float[][] state() {
        return new float[][]{left, right, leftVelocity, rightVelocity};
    }
}
