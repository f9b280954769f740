package org.bame.layer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.Product;
import org.bame.sparsity.SparsityPattern;

/**
 * How the products of one layer are computed while their support is a mask.
 *
 * @param forward Y = W X
 * @param inputGradient dX = W^T dY
 * @param weightGradient dW = dY X^T
 */
record LayerExecution(Mode forward, Mode inputGradient, Mode weightGradient) {
    /** Every product by the kernel that skips the zeros. */
    static final LayerExecution SPARSE = new LayerExecution(Mode.SPARSE, Mode.SPARSE, Mode.SPARSE);

    /** How a product on a mask is computed. */
    enum Mode {
        /** Zeros are skipped. */
        SPARSE,
        /** Dense arithmetic with zeros outside the mask. */
        MASKED_DENSE
    }

    /** Says how a layer's products run. */
    @FunctionalInterface
    interface Chooser {
        /**
         * The choice for a layer.
         *
         * @param shape of its products
         * @param pattern its own
         * @param batch of the run
         */
        LayerExecution choose(ConvolutionShape shape, SparsityPattern pattern, BatchLayout batch);
    }

    /** Of one product. */
    Mode mode(Product product) {
        return switch (product) {
            case FORWARD -> forward;
            case INPUT_GRADIENT -> inputGradient;
            case WEIGHT_GRADIENT -> weightGradient;
        };
    }

    void save(DataOutput out) throws IOException {
        for (Product product : Product.values()) {
            out.writeBoolean(mode(product) == Mode.MASKED_DENSE);
        }
    }

    static LayerExecution read(DataInput in) throws IOException {
        return new LayerExecution(readMode(in), readMode(in), readMode(in));
    }

    private static Mode readMode(DataInput in) throws IOException {
        return in.readBoolean() ? Mode.MASKED_DENSE : Mode.SPARSE;
    }
}
