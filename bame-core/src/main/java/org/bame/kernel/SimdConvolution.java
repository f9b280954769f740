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
    private final FeatureShape input;
    private final FeatureShape output;
    private final Correlation forwardGather;
    private final List<Correlation> inputGathers;
    private final GatherAddresses forwardAddresses;
    private Gather rowForward;
    private Gather groupForward;
    private Gather[] rowInput;
    private Gather[] groupInput;
    private GroupScatter scatterInput;
    private WeightGradient rowWeights;
    private WeightGradient groupWeights;
    private DenseWeightGradient denseWeights;

    SimdConvolution(ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        this.shape = shape;
        this.batch = batch;
        this.pool = pool;
        this.weightShape = shape.weights();
        this.input = shape.input();
        this.output = shape.output();
        this.forwardGather = Correlation.forward(shape).withLongLines();
        this.inputGathers = Correlation.inputGradient(shape).stream().map(Correlation::withLongLines).toList();
        this.forwardAddresses = new GatherAddresses(forwardGather, input, output, batch);
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
            case FORWARD -> forward(support).lists().follow(support);
            case INPUT_GRADIENT -> {
                if (scattered(support)) {
                    scatterInput().lists().follow(support);
                    return;
                }
                for (Gather gather : inputGradient(support)) {
                    gather.lists().follow(support);
                }
            }
            case WEIGHT_GRADIENT -> {
                if (support instanceof Support.Masked) {
                    maskedWeights(support).prepare(support, forward(support).lists());
                }
            }
        }
    }

    /** Whether the input gradient uses the groups of a mask. */
    private boolean scattered(Support support) {
        return support instanceof Support.Masked && TapLists.grouped(forwardGather, support)
                && GroupScatter.pays(weightShape);
    }

    // The kernels know their operands by address alone: the fences keep the memory of arguments that nobody else holds
    // from being collected while the workers use it.

    @Override
    public long forward(Support support, Storage weights, Storage x, Storage y, Epilogue epilogue) {
        check(support, "weights", weights, "x", x, "y", y);
        Gather gather = forward(support);
        gather.lists().follow(support);
        if (epilogue != null) {
            epilogue.begin(y, gather.lists().plan().units());
        }
        try {
            gather.run(support, weights, x, y, false, epilogue);
            return macs(support);
        } finally {
            keepReachable(weights, x, y);
        }
    }

    @Override
    public long inputGradient(Support support, Storage weights, Storage dy, Storage dx, boolean add) {
        check(support, "weights", weights, "dx", dx, "dy", dy);
        try {
            if (scattered(support)) {
                scatterInput().run(support, weights, dy, dx, add);
                return macs(support);
            }
            for (Gather gather : inputGradient(support)) {
                gather.run(support, weights, dy, dx, add, null);
            }
            return macs(support);
        } finally {
            keepReachable(weights, dy, dx);
        }
    }

    @Override
    public long weightGradient(Support support, Storage x, Storage dy, Storage dw) {
        check(support, "dw", dw, "x", x, "dy", dy);
        try {
            if (support instanceof Support.Masked) {
                maskedWeights(support).run(support, forward(support).lists(), x, dy, dw);
            } else {
                denseWeights(x, dy, dw);
            }
            return macs(support);
        } finally {
            keepReachable(x, dy, dw);
        }
    }

    private long macs(Support support) {
        long kept = support instanceof Support.Masked masked ? masked.mask().count() : weightShape.size();
        return kept * output.pixels() * batch.images();
    }

    private static void keepReachable(Storage first, Storage second, Storage third) {
        Reference.reachabilityFence(first);
        Reference.reachabilityFence(second);
        Reference.reachabilityFence(third);
    }

    private Gather forward(Support support) {
        if (TapLists.grouped(forwardGather, support)) {
            if (groupForward == null) {
                groupForward = new GroupGather(forwardGather, weightShape, forwardAddresses, batch, pool);
            }
            return groupForward;
        }
        if (rowForward == null) {
            rowForward = new RowGather(forwardGather, weightShape, forwardAddresses, batch, pool);
        }
        return rowForward;
    }

    private Gather[] inputGradient(Support support) {
        if (TapLists.grouped(inputGathers.getFirst(), support)) {
            if (groupInput == null) {
                groupInput = inputGathers.stream()
                        .map(gather -> new GroupGather(gather, weightShape, inputAddresses(gather), batch, pool))
                        .toArray(Gather[]::new);
            }
            return groupInput;
        }
        if (rowInput == null) {
            rowInput = inputGathers.stream()
                    .map(gather -> new RowGather(gather, weightShape, inputAddresses(gather), batch, pool))
                    .toArray(Gather[]::new);
        }
        return rowInput;
    }

    private GroupScatter scatterInput() {
        if (scatterInput == null) {
            scatterInput = new GroupScatter(forwardGather, weightShape, forwardAddresses, batch, pool);
        }
        return scatterInput;
    }

    private GatherAddresses inputAddresses(Correlation gather) {
        return new GatherAddresses(gather, output, input, batch);
    }

    private WeightGradient maskedWeights(Support support) {
        if (TapLists.grouped(forwardGather, support)) {
            if (groupWeights == null) {
                groupWeights = new GroupWeightGradient(forwardGather, weightShape, forwardAddresses, batch, pool);
            }
            return groupWeights;
        }
        if (rowWeights == null) {
            rowWeights = new RowWeightGradient(forwardGather, weightShape, forwardAddresses, batch, pool);
        }
        return rowWeights;
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

    private void check(
            Support support, String weightName, Storage w, String inName, Storage in, String outName, Storage out) {
        Checks.support(support, weightShape);
        Checks.storage(weightName, w, ElementType.FLOAT, weightShape.size());
        Checks.activations(inName, in, ElementType.FLOAT, batch, input);
        Checks.activations(outName, out, ElementType.FLOAT, batch, output);
    }
}
