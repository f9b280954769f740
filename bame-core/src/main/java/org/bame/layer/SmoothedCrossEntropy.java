package org.bame.layer;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.Storage;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Softmax cross-entropy with label smoothing: targets are {@code (1 - smoothing) * label + smoothing / classes}. Logits and
 * labels are {@code [batch, classes]}, or {@code [batch, classes * positions]} of a language model, which predicts at every
 * position (those of a class side by side): an image's loss is then the mean over its positions. For Deeplearning4j's
 * {@code LossLayer} with activation IDENTITY (its output is then the logits) or, with one position, SOFTMAX (probabilities);
 * the loss is the same.
 */
public final class SmoothedCrossEntropy implements ILossFunction {
    private static final long serialVersionUID = 1L;
    /** For graphs without a {@link KernelSession}; they share them, so that one thread is enough. */
    private static final Kernels KERNELS =
            KernelProviders.obstacle().isEmpty() ? KernelProviders.simd(1) : KernelProviders.scalar();
    private static final Kernels DOUBLE_KERNELS = KernelProviders.scalar();

    private double smoothing;
    private int positions = 1;
    /** Those of the graph, once it has a session; neither in JSON nor in {@link #equals}. */
    private transient Kernels attached;

    /** Without smoothing; for reading JSON. */
    public SmoothedCrossEntropy() {}

    /**
     * With label smoothing.
     *
     * @param smoothing share of the target spread over all classes, in [0, 1)
     */
    public SmoothedCrossEntropy(double smoothing) {
        this(smoothing, 1);
    }

    /**
     * The mean over several predictions of an image.
     *
     * @param smoothing share of the target spread over all classes, in [0, 1)
     * @param positions predictions of an image, at least 1
     */
    public SmoothedCrossEntropy(double smoothing, int positions) {
        setSmoothing(smoothing);
        setPositions(positions);
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

    /** Predictions of an image. */
    public int getPositions() {
        return positions;
    }

    /** Sets {@link #getPositions}. */
    public void setPositions(int positions) {
        if (positions < 1) {
            throw new IllegalArgumentException("Cross-entropy of " + positions + " positions, expected at least 1");
        }
        this.positions = positions;
    }

    /** The same loss with a graph's kernels, which has them to itself: configurations may be shared by several. */
    SmoothedCrossEntropy on(Kernels kernels) {
        SmoothedCrossEntropy loss = new SmoothedCrossEntropy(smoothing, positions);
        loss.attached = kernels;
        return loss;
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
        return other instanceof SmoothedCrossEntropy that
                && that.smoothing == smoothing
                && that.positions == positions;
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(smoothing) + positions;
    }

    @Override
    public String toString() {
        return "SmoothedCrossEntropy(" + smoothing + (positions == 1 ? "" : ", " + positions + " positions") + ")";
    }

    private double run(INDArray labels, INDArray logits, IActivation activation, INDArray mask, INDArray gradient) {
        if (mask != null) {
            throw new UnsupportedOperationException("SmoothedCrossEntropy takes no mask arrays: every image counts");
        }
        boolean softmax = activation instanceof ActivationSoftmax && positions == 1;
        if (!(activation instanceof ActivationIdentity) && !softmax) {
            throw new IllegalArgumentException("SmoothedCrossEntropy expects the logits: set the layer's activation to"
                    + " IDENTITY" + (positions == 1 ? " or SOFTMAX" : "") + ", got " + activation);
        }
        if (labels.rank() != 2 || labels.size(0) != logits.size(0) || labels.size(1) != logits.size(1)) {
            throw new IllegalArgumentException("Labels have shape " + Arrays.toString(labels.shape())
                    + ", expected that of the logits, " + Arrays.toString(logits.shape()));
        }
        if (logits.size(1) % positions != 0) {
            throw new IllegalArgumentException("Logits have shape " + Arrays.toString(logits.shape())
                    + ", expected a number of classes times " + positions
                    + " positions: give the loss the positions of the BlockExitVertex");
        }
        INDArray rows = ArrayMemory.rowMajor(logits, logits.dataType());
        INDArray targets = ArrayMemory.rowMajor(labels, logits.dataType());
        Storage result = gradient == null ? null : ArrayMemory.storage(gradient);
        Kernels kernels = kernels(logits.dataType());
        // Graphs of several threads may share those that are nobody's own.
        synchronized (kernels) {
            double sum = kernels.softmaxCrossEntropy(
                    (int) rows.size(0),
                    (int) rows.size(1) / positions,
                    positions,
                    smoothing,
                    ArrayMemory.storage(rows),
                    ArrayMemory.storage(targets),
                    result);
            Reference.reachabilityFence(rows);
            Reference.reachabilityFence(targets);
            return sum;
        }
    }

    private Kernels kernels(DataType type) {
        if (type != DataType.FLOAT) {
            return DOUBLE_KERNELS;
        }
        return attached == null ? KERNELS : attached;
    }
}
