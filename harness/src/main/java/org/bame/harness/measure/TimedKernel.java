package org.bame.harness.measure;

import java.util.Optional;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.Kernels;
import org.bame.kernel.Product;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;

/** One variant of a shape: a product, dense or by a mask, on so many threads; and its times. */
final class TimedKernel {

    private final KernelShape shape;
    private final Optional<SparsityPattern> pattern;
    private final Product product;
    private final Kernels kernels;
    private final ConvolutionKernel kernel;
    private final Support support;
    private final Operands operands;
    private final TwinCheck twin;
    private final long[] nanos;
    private long macs;
    private double deviation;

    /**
     * @param kernel of this pattern alone, shared by its three products as in a layer: another mask would make it rebuild its
     *        lists at every call
     */
    TimedKernel(
            KernelShape shape,
            Optional<SparsityPattern> pattern,
            Product product,
            Kernels kernels,
            ConvolutionKernel kernel,
            Support support,
            Operands operands,
            TwinCheck twin,
            int rounds) {
        this.shape = shape;
        this.pattern = pattern;
        this.product = product;
        this.kernels = kernels;
        this.kernel = kernel;
        this.support = support;
        this.operands = operands;
        this.twin = twin;
        this.nanos = new long[rounds];
    }

    Optional<SparsityPattern> pattern() {
        return pattern;
    }

    Product product() {
        return product;
    }

    Kernels kernels() {
        return kernels;
    }

    /** Multiply-accumulates of a call, as the kernel counted them. */
    long macs() {
        return macs;
    }

    /** Times of the rounds. */
    long[] nanos() {
        return nanos;
    }

    /** Largest deviation from the twin, relative. */
    double deviation() {
        return deviation;
    }

    /** Calls the kernel. */
    void call() {
        macs = switch (product) {
            case FORWARD -> kernel.forward(support, operands.weights(), operands.x(), operands.y());
            case INPUT_GRADIENT -> kernel.inputGradient(support, operands.weights(), operands.dy(), operands.dx());
            case WEIGHT_GRADIENT -> kernel.weightGradient(support, operands.x(), operands.dy(), operands.dw());
        };
    }

    void time(int round) {
        long start = System.nanoTime();
        call();
        nanos[round] = System.nanoTime() - start;
    }

    /** Calls the kernel on poisoned memory, and holds the result against the twin's. */
    void verify() {
        operands.result(product).fill(Double.NaN);
        call();
        deviation = Math.max(deviation, twin.verify(toString(), operands, macs));
    }

    @Override
    public String toString() {
        return shape.name() + ", " + product + ", " + pattern.map(SparsityPattern::toString).orElse("dense") + ", "
                + kernels.provider() + " on " + kernels.threads() + " threads";
    }
}
