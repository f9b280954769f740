package org.bame.kernel;

import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.util.List;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/** The three products in SIMD. What a product needs (lists, panels, scratch memory) is made when it first runs. */
final class SimdConvolution implements ConvolutionKernel {
    private final ConvolutionShape shape;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final WeightShape weightShape;
    private final int weightCount;
    private final Correlation forwardGather;
    private final List<Correlation> inputGathers;
    private final int inputRuns;
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
        this.weightShape = shape.weights();
        this.weightCount = weightShape.size();
        this.forwardGather = Correlation.forward(shape);
        this.inputGathers = Correlation.inputGradient(shape);
        this.inputRuns = inputGathers.stream().mapToInt(gather -> gather.runs().size()).sum();
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
    public void prepare(Product product, Support support) {
        Checks.support(support, weightShape);
        if (!(support instanceof Support.Masked masked)) {
            return;
        }
        switch (product) {
            case FORWARD -> sparseForward().prepare(masked.mask());
            case INPUT_GRADIENT -> {
                for (SparseGather gather : sparseInput()) {
                    gather.prepare(masked.mask());
                }
            }
            case WEIGHT_GRADIENT -> sparseWeights().prepare(masked.mask(), sparseForward().lists());
        }
    }

    // The kernels know their operands by address alone: the fences keep the memory of arguments that nobody else holds
    // from being collected while the workers use it.

    @Override
    public long forward(Support support, Storage weights, Storage x, Storage y, Epilogue epilogue) {
        check(support, "weights", weights, x, "y", y);
        if (epilogue != null) {
            epilogue.begin(y, forwardGather.runs().size());
        }
        try {
            return support instanceof Support.Masked masked
                    ? sparseForward().run(masked.mask(), weights, x, y, false, epilogue, 0)
                    : denseForward().run(weights, x, y, false, epilogue, 0);
        } finally {
            keepReachable(weights, x, y);
        }
    }

    @Override
    public long inputGradient(
            Support support, Storage weights, Storage dy, Storage dx, boolean add, Epilogue epilogue) {
        check(support, "weights", weights, dx, "dy", dy);
        if (epilogue != null) {
            epilogue.begin(dx, inputRuns);
        }
        try {
            long macs = 0;
            int stretch = 0;
            for (int i = 0; i < inputGathers.size(); i++) {
                macs += support instanceof Support.Masked masked
                        ? sparseInput()[i].run(masked.mask(), weights, dy, dx, add, epilogue, stretch)
                        : denseInput()[i].run(weights, dy, dx, add, epilogue, stretch);
                stretch += inputGathers.get(i).runs().size();
            }
            return macs;
        } finally {
            keepReachable(weights, dy, dx);
        }
    }

    @Override
    public long weightGradient(Support support, Storage x, Storage dy, Storage dw) {
        check(support, "dw", dw, x, "dy", dy);
        try {
            return support instanceof Support.Masked masked
                    ? sparseWeights().run(masked.mask(), sparseForward().lists(), x, dy, dw)
                    : denseWeights().run(x, dy, dw);
        } finally {
            keepReachable(x, dy, dw);
        }
    }

    private static void keepReachable(Storage first, Storage second, Storage third) {
        Reference.reachabilityFence(first);
        Reference.reachabilityFence(second);
        Reference.reachabilityFence(third);
    }

    private SparseGather sparseForward() {
        if (sparseForward == null) {
            sparseForward = new SparseGather(forwardGather, weightShape, batch, inputSize, outputSize, pool);
        }
        return sparseForward;
    }

    private DenseGather denseForward() {
        if (denseForward == null) {
            denseForward = new DenseGather(forwardGather, weightShape, batch, inputSize, outputSize, pool);
        }
        return denseForward;
    }

    private SparseGather[] sparseInput() {
        if (sparseInput == null) {
            sparseInput = inputGathers.stream()
                    .map(gather -> new SparseGather(gather, weightShape, batch, outputSize, inputSize, pool))
                    .toArray(SparseGather[]::new);
        }
        return sparseInput;
    }

    private DenseGather[] denseInput() {
        if (denseInput == null) {
            denseInput = inputGathers.stream()
                    .map(gather -> new DenseGather(gather, weightShape, batch, outputSize, inputSize, pool))
                    .toArray(DenseGather[]::new);
        }
        return denseInput;
    }

    private SparseWeightGradient sparseWeights() {
        if (sparseWeights == null) {
            sparseWeights =
                    new SparseWeightGradient(forwardGather, weightShape, batch, inputSize, outputSize, pool);
        }
        return sparseWeights;
    }

    private DenseWeightGradient denseWeights() {
        if (denseWeights == null) {
            denseWeights = new DenseWeightGradient(shape, batch, pool, Arena.ofAuto());
        }
        return denseWeights;
    }

    private void check(Support support, String weightName, Storage w, Storage in, String outName, Storage out) {
        Checks.support(support, weightShape);
        Checks.storage(weightName, w, ElementType.FLOAT, weightCount);
        Checks.storage(outName.equals("y") ? "x" : "x or dx", in, ElementType.FLOAT, inputSize);
        Checks.storage(outName, out, ElementType.FLOAT, outputSize);
    }
}
