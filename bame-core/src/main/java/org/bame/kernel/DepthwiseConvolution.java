package org.bame.kernel;

import java.lang.ref.Reference;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * The three products of a depthwise convolution in SIMD, with any number of outputs for an input channel. Dense only: with
 * one input a filter there is no block of M weights at a kernel position to choose N from.
 */
final class DepthwiseConvolution implements ConvolutionKernel {
    private final ConvolutionShape shape;
    private final WeightShape weightShape;
    private final FeatureShape input;
    private final FeatureShape output;
    private final BatchLayout batch;
    private final long macs;
    private final DepthwiseGather forward;
    private final DepthwiseGather[] inputGradients;
    private final DepthwiseWeightGradient weightGradient;

    DepthwiseConvolution(ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        this.shape = shape;
        this.weightShape = shape.weights();
        this.input = shape.input();
        this.output = shape.output();
        this.batch = batch;
        this.macs = shape.macsPerSample() * batch.images();
        Correlation gather = Correlation.forward(shape);
        this.forward = new DepthwiseGather(gather, shape, batch, pool);
        this.inputGradients = Correlation.inputGradient(shape).stream()
                .map(parity -> new DepthwiseGather(parity, shape, batch, pool))
                .toArray(DepthwiseGather[]::new);
        this.weightGradient = new DepthwiseWeightGradient(gather, shape, batch, pool);
    }

    @Override
    public ConvolutionShape shape() {
        return shape;
    }

    @Override
    public BatchLayout batch() {
        return batch;
    }

    @Override
    public void prepare(Product product, Support support) {
        requireDense(support);
    }

    @Override
    public long forward(Support support, Storage weights, Storage x, Storage y, Epilogue epilogue) {
        check(support, "weights", weights, "x", x, "y", y);
        if (epilogue != null) {
            epilogue.begin(y, forward.stretches());
        }
        try {
            forward.run(weights, x, y, false, epilogue);
            return macs;
        } finally {
            keepReachable(weights, x, y);
        }
    }

    @Override
    public long inputGradient(Support support, Storage weights, Storage dy, Storage dx, boolean add) {
        check(support, "weights", weights, "dx", dx, "dy", dy);
        try {
            for (DepthwiseGather gather : inputGradients) {
                gather.run(weights, dy, dx, add, null);
            }
            return macs;
        } finally {
            keepReachable(weights, dy, dx);
        }
    }

    @Override
    public long weightGradient(Support support, Storage x, Storage dy, Storage dw) {
        check(support, "dw", dw, "x", x, "dy", dy);
        try {
            weightGradient.run(x, dy, dw);
            return macs;
        } finally {
            keepReachable(x, dy, dw);
        }
    }

    private static void keepReachable(Storage first, Storage second, Storage third) {
        Reference.reachabilityFence(first);
        Reference.reachabilityFence(second);
        Reference.reachabilityFence(third);
    }

    private void check(
            Support support, String weightName, Storage w, String inName, Storage in, String outName, Storage out) {
        requireDense(support);
        Checks.storage(weightName, w, ElementType.FLOAT, weightShape.size());
        Checks.activations(inName, in, ElementType.FLOAT, batch, input);
        Checks.activations(outName, out, ElementType.FLOAT, batch, output);
    }

    private void requireDense(Support support) {
        Checks.support(support, weightShape);
        if (support instanceof Support.Masked) {
            throw new IllegalArgumentException("support is a mask of a depthwise convolution, expected Support.DENSE:"
                    + " these kernels are dense only, give the layer LayerKind.DEPTHWISE so that no method masks it");
        }
    }
}
