package org.bame.kernel;

import java.lang.foreign.Arena;
import java.util.List;
import org.bame.sparsity.Support;

/** The three products in SIMD. What a product needs (lists, panels, scratch memory) is made when it first runs. */
final class SimdConvolution implements ConvolutionKernel {
    private final ConvolutionShape shape;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final Correlation forwardGather;
    private final List<Correlation> inputGathers;
    private final long inputSize;
    private final long outputSize;
    private SparseGather sparseForward;
    private DenseGather denseForward;
    private SparseGather[] sparseInput;
    private DenseGather[] denseInput;
    private SparseWeightGradient sparseWeights;
    private DenseWeightGradient denseWeights;

    SimdConvolution(ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        this.shape = shape;
        this.batch = batch;
        this.pool = pool;
        this.forwardGather = Correlation.forward(shape);
        this.inputGathers = Correlation.inputGradient(shape);
        this.inputSize = batch.elements(shape.input());
        this.outputSize = batch.elements(shape.output());
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
    public long forward(Support support, Storage weights, Storage x, Storage y) {
        check(support, "weights", weights, x, "y", y);
        if (support instanceof Support.Masked masked) {
            return sparseForward().run(masked.mask(), weights, x, y);
        }
        if (denseForward == null) {
            denseForward = new DenseGather(forwardGather, shape.weights(), batch, inputSize, outputSize, pool);
        }
        return denseForward.run(weights, x, y);
    }

    private SparseGather sparseForward() {
        if (sparseForward == null) {
            sparseForward = new SparseGather(forwardGather, shape.weights(), batch, inputSize, outputSize, pool);
        }
        return sparseForward;
    }

    @Override
    public long inputGradient(Support support, Storage weights, Storage dy, Storage dx) {
        check(support, "weights", weights, dx, "dy", dy);
        long macs = 0;
        if (support instanceof Support.Masked masked) {
            if (sparseInput == null) {
                sparseInput = new SparseGather[inputGathers.size()];
                for (int i = 0; i < sparseInput.length; i++) {
                    sparseInput[i] = new SparseGather(
                            inputGathers.get(i), shape.weights(), batch, outputSize, inputSize, pool);
                }
            }
            for (SparseGather gather : sparseInput) {
                macs += gather.run(masked.mask(), weights, dy, dx);
            }
            return macs;
        }
        if (denseInput == null) {
            denseInput = new DenseGather[inputGathers.size()];
            for (int i = 0; i < denseInput.length; i++) {
                denseInput[i] =
                        new DenseGather(inputGathers.get(i), shape.weights(), batch, outputSize, inputSize, pool);
            }
        }
        for (DenseGather gather : denseInput) {
            macs += gather.run(weights, dy, dx);
        }
        return macs;
    }

    @Override
    public long weightGradient(Support support, Storage x, Storage dy, Storage dw) {
        check(support, "dw", dw, x, "dy", dy);
        if (support instanceof Support.Masked masked) {
            if (sparseWeights == null) {
                sparseWeights =
                        new SparseWeightGradient(forwardGather, shape.weights(), batch, inputSize, outputSize, pool);
            }
            return sparseWeights.run(masked.mask(), sparseForward().lists(), x, dy, dw);
        }
        if (denseWeights == null) {
            denseWeights = new DenseWeightGradient(shape, batch, pool, Arena.ofAuto());
        }
        return denseWeights.run(x, dy, dw);
    }

    private void check(Support support, String weightName, Storage w, Storage in, String outName, Storage out) {
        Checks.support(support, shape.weights());
        Checks.storage(weightName, w, ElementType.FLOAT, shape.weights().size());
        Checks.activations(outName.equals("y") ? "x" : "x or dx", in, ElementType.FLOAT, batch, shape.input());
        Checks.activations(outName, out, ElementType.FLOAT, batch, shape.output());
    }
}
