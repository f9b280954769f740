package org.bame.kernel;

import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/** The argument checks of every provider: behind them the SIMD kernels read and write memory without bounds. */
final class Checks {
    private Checks() {}

    /** Checks that an argument has the element type of the call and exactly the size that the shapes ask for. */
    static void storage(String name, Storage storage, ElementType type, long size) {
        if (storage == null) {
            throw new IllegalArgumentException(
                    name + " is null, expected " + size + " elements of " + type + ": pass a storage");
        }
        if (storage.type() != type) {
            throw new IllegalArgumentException(name + " holds " + storage.type() + ", expected " + type
                    + ": all storages of a call must have one element type");
        }
        if (storage.size() != size) {
            throw new IllegalArgumentException(name + " has " + storage.size() + " elements, expected " + size
                    + ": allocate it for the kernel's shape and batch layout");
        }
    }

    /** Like {@link #storage}, for activations in the block layout. */
    static void activations(String name, Storage storage, ElementType type, BatchLayout batch, FeatureShape shape) {
        storage(name, storage, type, batch.elements(shape));
    }

    /** Type of the argument that the others of a call are held against. */
    static ElementType type(String name, Storage storage) {
        if (storage == null) {
            throw new IllegalArgumentException(name + " is null, expected a storage");
        }
        return storage.type();
    }

    /** Checks that a mask belongs to weights of this shape. */
    static void support(Support support, WeightShape weights) {
        if (support == null) {
            throw new IllegalArgumentException("support is null, expected Support.DENSE or the support of a mask");
        }
        if (support instanceof Support.Masked masked && !masked.mask().shape().equals(weights)) {
            throw new IllegalArgumentException("support is a mask of " + masked.mask().shape() + " weights, expected "
                    + weights + ": pass the mask of this layer");
        }
    }

    /** Checks the arguments of {@link Kernels#softmaxCrossEntropy}. */
    static void softmax(
            int images, int classes, int positions, double smoothing, Storage logits, Storage labels,
            Storage gradient) {
        if (images < 1 || classes < 1 || positions < 1) {
            throw new IllegalArgumentException("Bad logits: " + images + " images of " + classes + " classes at "
                    + positions + " positions, expected at least 1 of each");
        }
        if (!(smoothing >= 0 && smoothing <= 1)) {
            throw new IllegalArgumentException("Label smoothing is " + smoothing + ", expected 0 to 1");
        }
        ElementType type = type("logits", logits);
        long size = (long) images * classes * positions;
        storage("logits", logits, type, size);
        storage("labels", labels, type, size);
        if (gradient != null) {
            storage("gradient", gradient, type, size);
        }
    }

    /** Checks the number of a token. */
    static void token(int token, FeatureShape shape) {
        if (token < 0 || token >= shape.pixels()) {
            throw new IllegalArgumentException(
                    "Token is " + token + ", expected 0 to " + (shape.pixels() - 1) + " in " + shape);
        }
    }

    /** Checks that a residual is added only where the activation allows. */
    static void residual(Activation activation, Storage residual) {
        if (residual != null && !activation.takesResidual()) {
            throw new IllegalArgumentException(activation + " got a residual, expected none: its backward pass computes"
                    + " the slope from x; add the residual behind it, or use RELU or RELU6");
        }
    }

    /** Checks the gates of an activation that has any. */
    static void gates(Activation activation, Gates gates, long size) {
        if (!activation.gated()) {
            return;
        }
        if (gates == null || gates.size() != size) {
            throw new IllegalArgumentException("gates are "
                    + (gates == null ? "null" : "for " + gates.size() + " activations")
                    + ", expected those of " + size + ": pass what normalise wrote");
        }
    }

    /** Checks that moments were summed; the tensor of which. */
    static Storage summed(Storage target) {
        if (target == null) {
            throw new IllegalStateException("statistics() got no sums since the last time: call moments(x) before, or"
                    + " run the epilogue moments() with the product that writes x");
        }
        return target;
    }

    /** The row of a table that a token id names. */
    static int row(double id, int vocabulary) {
        int row = (int) id;
        if (row != id || row < 0 || row >= vocabulary) {
            throw new IllegalArgumentException("Token id " + id + ", expected a whole number from 0 to "
                    + (vocabulary - 1) + ": give the embedding the vocabulary of the data");
        }
        return row;
    }

    /** Checks the epsilon of a normalisation. */
    static void epsilon(double epsilon) {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", expected a number of at least 0");
        }
    }
}
