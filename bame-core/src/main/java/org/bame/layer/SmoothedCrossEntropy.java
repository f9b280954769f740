package org.bame.layer;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.bame.kernel.Storage;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Softmax cross-entropy on logits {@code [batch, classes]} with label smoothing: targets are
 * {@code (1 - smoothing) * label + smoothing / classes}. For Deeplearning4j's {@code LossLayer} with activation
 * IDENTITY (its output is then the logits) or SOFTMAX (probabilities); the loss is the same.
 */
public final class SmoothedCrossEntropy implements ILossFunction {
    private static final long serialVersionUID = 1L;
    // Both providers share this function; graphs share loss objects, so there is no session here.
    private static final Kernels KERNELS = new ScalarKernels();

    private double smoothing;

    /** Without smoothing; for reading JSON. */
    public SmoothedCrossEntropy() {}

    /**
     * With label smoothing.
     *
     * @param smoothing share of the target spread over all classes, in [0, 1)
     */
    public SmoothedCrossEntropy(double smoothing) {
        setSmoothing(smoothing);
    }

    /** Share of the target spread over all classes. */
    public double getSmoothing() {
        return smoothing;
    }

    /** Sets {@link #getSmoothing}. */
    public void setSmoothing(double smoothing) {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("Label smoothing is " + smoothing + ", expected a number in [0, 1)");
        }
        this.smoothing = smoothing;
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
        double sum = run(labels, logits, activation, mask, null);
        return average ? sum / logits.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        INDArray scores = Nd4j.create(logits.dataType(), logits.size(0), 1);
        for (long i = 0; i < logits.size(0); i++) {
            INDArray label = labels.getRow(i, true);
            scores.putScalar(i, run(label, logits.getRow(i, true), activation, mask, null));
        }
        return scores;
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        INDArray gradient = Nd4j.createUninitialized(logits.dataType(), logits.shape(), 'c');
        run(labels, logits, activation, mask, gradient);
        return gradient;
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
        INDArray gradient = Nd4j.createUninitialized(logits.dataType(), logits.shape(), 'c');
        double sum = run(labels, logits, activation, mask, gradient);
        return new Pair<>(average ? sum / logits.size(0) : sum, gradient);
    }

    @Override
    public String name() {
        return "SmoothedCrossEntropy";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SmoothedCrossEntropy that && that.smoothing == smoothing;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(smoothing);
    }

    @Override
    public String toString() {
        return "SmoothedCrossEntropy(" + smoothing + ")";
    }

    private double run(INDArray labels, INDArray logits, IActivation activation, INDArray mask, INDArray gradient) {
        if (mask != null) {
            throw new UnsupportedOperationException("SmoothedCrossEntropy takes no mask arrays: every image counts");
        }
        if (!(activation instanceof ActivationIdentity) && !(activation instanceof ActivationSoftmax)) {
            throw new IllegalArgumentException("SmoothedCrossEntropy expects the logits: set the layer's activation to"
                    + " IDENTITY or SOFTMAX, got " + activation);
        }
        if (labels.rank() != 2 || labels.size(0) != logits.size(0) || labels.size(1) != logits.size(1)) {
            throw new IllegalArgumentException("Labels have shape " + Arrays.toString(labels.shape())
                    + ", expected that of the logits, " + Arrays.toString(logits.shape()));
        }
        INDArray rows = ArrayMemory.rowMajor(logits, logits.dataType());
        INDArray targets = ArrayMemory.rowMajor(labels, logits.dataType());
        Storage result = gradient == null ? null : ArrayMemory.storage(gradient);
        double sum = KERNELS.softmaxCrossEntropy(
                (int) rows.size(0),
                (int) rows.size(1),
                smoothing,
                ArrayMemory.storage(rows),
                ArrayMemory.storage(targets),
                result);
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(targets);
        return sum;
    }
}
