package org.bame.kernel;

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
    private final GatherAddresses forwardAddresses;
    private final int outputPixels;
    private final long inputSize;
    private final long outputSize;
    private SparseGather sparseForward;
    private GroupGather groupForward;
    private SparseGather[] sparseInput;
    private GroupScatter groupInput;
    private GroupGather[] denseInput;
    private WeightGradient sparseWeights;
    private WeightGradient groupWeights;
    private DenseWeightGradient denseWeights;

    SimdConvolution(ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        this.shape = shape;
        this.batch = batch;
        this.pool = pool;
        this.weightShape = shape.weights();
        this.weightCount = weightShape.size();
        this.forwardGather = Correlation.forward(shape);
        this.inputGathers = Correlation.inputGradient(shape);
        this.forwardAddresses = new GatherAddresses(forwardGather, shape.input(), shape.output(), batch);
        this.outputPixels = shape.output().pixels();
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
        switch (product) {
            case FORWARD -> (grouped(support) ? groupForward().lists() : sparseForward().lists()).follow(support);
            case INPUT_GRADIENT -> {
                if (scattered(support)) {
                    groupInput().lists().follow(support);
                } else if (support instanceof Support.Masked) {
                    for (SparseGather gather : sparseInput()) {
                        gather.lists().follow(support);
                    }
                } else {
                    for (GroupGather gather : denseInput()) {
                        gather.lists().follow(support);
                    }
                }
            }
            case WEIGHT_GRADIENT -> {
                if (!(support instanceof Support.Masked)) {
                    return;
                }
                if (grouped(support)) {
                    groupWeights().prepare(support, groupForward().lists());
                } else {
                    sparseWeights().prepare(support, sparseForward().lists());
                }
            }
        }
    }

    private boolean grouped(Support support) {
        return TapLists.grouped(forwardGather, support);
    }

    /** Whether the input gradient uses the groups of a mask. */
    private boolean scattered(Support support) {
        return support instanceof Support.Masked && grouped(support) && GroupScatter.pays(weightShape);
    }

    // The kernels know their operands by address alone: the fences keep the memory of arguments that nobody else holds
    // from being collected while the workers use it.

    @Override
    public long forward(Support support, Storage weights, Storage x, Storage y, Epilogue epilogue) {
        check(support, "weights", weights, x, "y", y);
        prepare(Product.FORWARD, support);
        if (epilogue != null) {
            TapLists lists = grouped(support) ? groupForward().lists() : sparseForward().lists();
            epilogue.begin(y, lists.plan().units());
        }
        try {
            if (grouped(support)) {
                groupForward().run(support, weights, x, y, false, epilogue);
            } else {
                sparseForward().run(support, weights, x, y, false, epilogue);
            }
            return macs(support);
        } finally {
            keepReachable(weights, x, y);
        }
    }

    @Override
    public long inputGradient(Support support, Storage weights, Storage dy, Storage dx, boolean add) {
        check(support, "weights", weights, dx, "dy", dy);
        boolean masked = support instanceof Support.Masked;
        prepare(Product.INPUT_GRADIENT, support);
        try {
            if (scattered(support)) {
                groupInput().run(support, weights, dy, dx, add);
                return macs(support);
            }
            for (int i = 0; i < inputGathers.size(); i++) {
                if (masked) {
                    sparseInput()[i].run(support, weights, dy, dx, add, null);
                } else {
                    denseInput()[i].run(support, weights, dy, dx, add, null);
                }
            }
            return macs(support);
        } finally {
            keepReachable(weights, dy, dx);
        }
    }

    @Override
    public long weightGradient(Support support, Storage x, Storage dy, Storage dw) {
        check(support, "dw", dw, x, "dy", dy);
        try {
            if (!(support instanceof Support.Masked)) {
                denseWeights(x, dy, dw);
            } else if (grouped(support)) {
                groupWeights().run(support, groupForward().lists(), x, dy, dw);
            } else {
                sparseWeights().run(support, sparseForward().lists(), x, dy, dw);
            }
            return macs(support);
        } finally {
            keepReachable(x, dy, dw);
        }
    }

    private long macs(Support support) {
        long kept = support instanceof Support.Masked masked ? masked.mask().count() : weightCount;
        return kept * outputPixels * batch.images();
    }

    private static void keepReachable(Storage first, Storage second, Storage third) {
        Reference.reachabilityFence(first);
        Reference.reachabilityFence(second);
        Reference.reachabilityFence(third);
    }

    private SparseGather sparseForward() {
        if (sparseForward == null) {
            sparseForward = new SparseGather(forwardGather, weightShape, forwardAddresses, batch, pool);
        }
        return sparseForward;
    }

    private GroupGather groupForward() {
        if (groupForward == null) {
            groupForward = new GroupGather(forwardGather, weightShape, forwardAddresses, batch, pool);
        }
        return groupForward;
    }

    private SparseGather[] sparseInput() {
        if (sparseInput == null) {
            sparseInput = inputGathers.stream()
                    .map(gather -> new SparseGather(gather, weightShape, inputAddresses(gather), batch, pool))
                    .toArray(SparseGather[]::new);
        }
        return sparseInput;
    }

    private GroupScatter groupInput() {
        if (groupInput == null) {
            groupInput = new GroupScatter(forwardGather, weightShape, forwardAddresses, batch, pool);
        }
        return groupInput;
    }

    private GroupGather[] denseInput() {
        if (denseInput == null) {
            denseInput = inputGathers.stream()
                    .map(gather -> new GroupGather(gather, weightShape, inputAddresses(gather), batch, pool))
                    .toArray(GroupGather[]::new);
        }
        return denseInput;
    }

    private GatherAddresses inputAddresses(Correlation gather) {
        return new GatherAddresses(gather, shape.output(), shape.input(), batch);
    }

    private WeightGradient sparseWeights() {
        if (sparseWeights == null) {
            sparseWeights = weightGradient(1);
        }
        return sparseWeights;
    }

    private WeightGradient groupWeights() {
        if (groupWeights == null) {
            groupWeights = weightGradient(TapLists.GROUP);
        }
        return groupWeights;
    }

    /** Where both operands are read pixel by pixel, the one with fewer channels is transposed. */
    private void denseWeights(Storage x, Storage dy, Storage dw) {
        boolean exchange = forwardGather.pointwise() && forwardGather.rows() < forwardGather.channels();
        if (denseWeights == null) {
            Correlation gather = exchange ? inputGathers.getFirst() : forwardGather;
            GatherAddresses addresses = exchange ? inputAddresses(gather) : forwardAddresses;
            denseWeights = new DenseWeightGradient(gather, weightShape, addresses, batch, pool);
        }
        denseWeights.run(exchange ? dy : x, exchange ? x : dy, dw);
    }

    private WeightGradient weightGradient(int rowsPerList) {
        return new WeightGradient(forwardGather, weightShape, forwardAddresses, rowsPerList, batch, pool);
    }

    private void check(Support support, String weightName, Storage w, Storage in, String outName, Storage out) {
        Checks.support(support, weightShape);
        Checks.storage(weightName, w, ElementType.FLOAT, weightCount);
        Checks.storage(outName.equals("y") ? "x" : "x or dx", in, ElementType.FLOAT, inputSize);
        Checks.storage(outName, out, ElementType.FLOAT, outputSize);
    }
}
