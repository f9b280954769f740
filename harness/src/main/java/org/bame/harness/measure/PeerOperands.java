package org.bame.harness.measure;

import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerScratch;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.bame.kernel.Storage;
import org.bame.sparsity.WeightShape;

/** Carries a shape's operands to peers and their results back: from our order in memory to that of {@link PeerFiles}. */
final class PeerOperands {

    private final KernelShape shape;
    private final Operands operands;

    PeerOperands(KernelShape shape, Operands operands) {
        this.shape = shape;
        this.operands = operands;
    }

    /** Writes what the products read. */
    void write(PeerScratch scratch) {
        scratch.write(PeerFiles.WEIGHTS, weights());
        scratch.write(PeerFiles.X, activations(operands.x(), shape.shape().input()));
        scratch.write(PeerFiles.DY, activations(operands.dy(), shape.shape().output()));
    }

    /**
     * Puts a peer's result where ours would be.
     *
     * @throws IllegalArgumentException if it has another size
     */
    void accept(Product product, float[] result) {
        Storage target = operands.result(product);
        switch (product) {
            case FORWARD -> acceptActivations(result, target, shape.shape().output());
            case INPUT_GRADIENT -> acceptActivations(result, target, shape.shape().input());
            case WEIGHT_GRADIENT -> {
                require(result, shape.shape().weights().size());
                visitWeights((theirs, ours) -> target.set(ours, result[theirs]));
            }
        }
    }

    private void acceptActivations(float[] result, Storage target, FeatureShape extents) {
        require(result, shape.batch() * extents.elementsPerImage());
        visitActivations(extents, (theirs, ours) -> target.set(ours, result[theirs]));
    }

    private static void require(float[] result, int count) {
        if (result.length != count) {
            throw new IllegalArgumentException("Got " + result.length + " numbers, expected " + count);
        }
    }

    private float[] weights() {
        float[] numbers = new float[shape.shape().weights().size()];
        visitWeights((theirs, ours) -> numbers[theirs] = (float) operands.weights().get(ours));
        return numbers;
    }

    private float[] activations(Storage from, FeatureShape extents) {
        float[] numbers = new float[shape.batch() * extents.elementsPerImage()];
        visitActivations(extents, (theirs, ours) -> numbers[theirs] = (float) from.get(ours));
        return numbers;
    }

    /** Where one number is in a peer's file, and in our memory. */
    private interface Visitor {
        void visit(int theirs, long ours);
    }

    private void visitWeights(Visitor visitor) {
        WeightShape weights = shape.shape().weights();
        int pixels = weights.kernelHeight() * weights.kernelWidth();
        int theirs = 0;
        for (int output = 0; output < weights.outputs(); output++) {
            for (int input = 0; input < weights.inputs(); input++) {
                for (int pixel = 0; pixel < pixels; pixel++) {
                    visitor.visit(theirs++, ((long) output * pixels + pixel) * weights.inputs() + input);
                }
            }
        }
    }

    private void visitActivations(FeatureShape extents, Visitor visitor) {
        BatchLayout batch = operands.batch();
        int theirs = 0;
        for (int image = 0; image < shape.batch(); image++) {
            for (int channel = 0; channel < extents.channels(); channel++) {
                for (int row = 0; row < extents.height(); row++) {
                    for (int column = 0; column < extents.width(); column++) {
                        visitor.visit(theirs++, batch.index(extents, image, channel, row, column));
                    }
                }
            }
        }
    }
}
