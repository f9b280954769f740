package org.bame.kernel;

import java.util.Arrays;
import java.util.stream.Stream;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * A convolution in groups as one convolution a group. In the block layout a group's channels lie apart from pixel to pixel,
 * so activations are copied into scratch memory {@code [group][block][pixel][channel of the group][image]} and results
 * back: one more pass over what a product reads and writes.
 */
final class GroupedConvolution implements ConvolutionKernel {
    private static final int PIXELS_PER_TASK = 16;

    private final ConvolutionShape shape;
    private final WeightShape weightShape;
    private final FeatureShape input;
    private final FeatureShape output;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final ConvolutionKernel[] kernels;

    /** The groups' parts of the mask seen last, brought up to date when it changes. */
    private final Mask[] masks;
    private final Support[] supports;
    private Mask followed;
    private long followedVersion;

    private final Slices weights;
    private final Slices weightGradients;
    private final Storage inputs;
    private final Storage outputs;
    private final Storage[] inputOf;
    private final Storage[] outputOf;
    private final WorkerPool.Task splitTask = (task, worker) -> copyPixels(task, true);
    private final WorkerPool.Task mergeTask = (task, worker) -> copyPixels(task, false);

    private final WorkerPool.Task epilogueTask = this::sumColumn;

    /** The epilogue in progress. */
    private Epilogue epilogue;

    /** The copy in progress. */
    private Storage whole;
    private Storage parts;
    private int channels;
    private int pixels;

    /** The groups' parts of a storage, made anew when another storage comes: calls with the same one allocate nothing. */
    private static final class Slices {
        private final int groups;
        private Storage whole;
        private Storage[] parts;

        Slices(int groups) {
            this.groups = groups;
        }

        Storage[] of(Storage storage) {
            if (storage != whole) {
                whole = storage;
                parts = slices(storage, groups);
            }
            return parts;
        }
    }

    GroupedConvolution(ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        this.shape = shape;
        this.weightShape = shape.weights();
        this.input = shape.input();
        this.output = shape.output();
        this.batch = batch;
        this.pool = pool;
        ConvolutionShape one = shape.ofOneGroup();
        int groups = shape.groups();
        this.kernels = Stream.generate(() -> new SimdConvolution(one, batch, pool))
                .limit(groups)
                .toArray(ConvolutionKernel[]::new);
        this.masks = Stream.generate(() -> Mask.empty(one.weights())).limit(groups).toArray(Mask[]::new);
        this.supports = Arrays.stream(masks).map(Support::of).toArray(Support[]::new);
        this.weights = new Slices(groups);
        this.weightGradients = new Slices(groups);
        this.inputs = Storage.allocate(ElementType.FLOAT, batch.elements(input));
        this.outputs = Storage.allocate(ElementType.FLOAT, batch.elements(output));
        this.inputOf = slices(inputs, groups);
        this.outputOf = slices(outputs, groups);
    }

    private static Storage[] slices(Storage storage, int groups) {
        long size = storage.size() / groups;
        Storage[] slices = new Storage[groups];
        Arrays.setAll(slices, group -> storage.slice(group * size, size));
        return slices;
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
        for (int group = 0; group < kernels.length; group++) {
            kernels[group].prepare(product, part(support, group));
        }
    }

    @Override
    public long forward(Support support, Storage w, Storage x, Storage y, Epilogue epilogue) {
        check(support, "weights", w, "x", x, "y", y);
        split(x, inputs, input);
        Storage[] groupWeights = weights.of(w);
        long macs = 0;
        for (int group = 0; group < kernels.length; group++) {
            macs += kernels[group].forward(
                    part(support, group), groupWeights[group], inputOf[group], outputOf[group]);
        }
        merge(outputs, y, output);
        finish(epilogue, y);
        return macs;
    }

    @Override
    public long inputGradient(Support support, Storage w, Storage dy, Storage dx, boolean add) {
        check(support, "weights", w, "dx", dx, "dy", dy);
        if (add) {
            split(dx, inputs, input);
        }
        split(dy, outputs, output);
        Storage[] groupWeights = weights.of(w);
        long macs = 0;
        for (int group = 0; group < kernels.length; group++) {
            macs += kernels[group].inputGradient(
                    part(support, group), groupWeights[group], outputOf[group], inputOf[group], add);
        }
        merge(inputs, dx, input);
        return macs;
    }

    @Override
    public long weightGradient(Support support, Storage x, Storage dy, Storage dw) {
        check(support, "dw", dw, "x", x, "dy", dy);
        split(x, inputs, input);
        split(dy, outputs, output);
        Storage[] groupGradients = weightGradients.of(dw);
        long macs = 0;
        for (int group = 0; group < kernels.length; group++) {
            macs += kernels[group].weightGradient(
                    part(support, group), inputOf[group], outputOf[group], groupGradients[group]);
        }
        return macs;
    }

    /** A group's part of a support: rows of a weight tensor are outputs, so it is a stretch of the mask. */
    private Support part(Support support, int group) {
        if (!(support instanceof Support.Masked(Mask mask))) {
            return support;
        }
        if (mask != followed || mask.version() != followedVersion) {
            for (int i = 0; i < masks.length; i++) {
                int size = masks[i].shape().size();
                for (int weight = 0; weight < size; weight++) {
                    masks[i].set(weight, mask.get(i * size + weight));
                }
            }
            followed = mask;
            followedVersion = mask.version();
        }
        return supports[group];
    }

    private void split(Storage from, Storage to, FeatureShape extents) {
        copy(splitTask, from, to, extents);
    }

    private void merge(Storage from, Storage to, FeatureShape extents) {
        copy(mergeTask, to, from, extents);
    }

    private void copy(WorkerPool.Task task, Storage all, Storage grouped, FeatureShape extents) {
        whole = all;
        parts = grouped;
        channels = extents.channels();
        pixels = Math.multiplyExact(batch.blocks(), extents.pixels());
        pool.run(Math.ceilDiv(pixels, PIXELS_PER_TASK), task);
        whole = null;
        parts = null;
    }

    private void copyPixels(int task, boolean split) {
        long bytes = (long) channels / shape.groups() * batch.blockWidth() * Float.BYTES;
        int first = task * PIXELS_PER_TASK;
        for (int pixel = first; pixel < Math.min(pixels, first + PIXELS_PER_TASK); pixel++) {
            for (int group = 0; group < shape.groups(); group++) {
                long inWhole = whole.address() + ((long) pixel * shape.groups() + group) * bytes;
                long inParts = parts.address() + ((long) group * pixels + pixel) * bytes;
                Native.copy(split ? inWhole : inParts, split ? inParts : inWhole, bytes);
            }
        }
    }

    /** A stretch is a column of pixels: the groups' results lie together only now. */
    private void finish(Epilogue newEpilogue, Storage y) {
        if (newEpilogue != null) {
            epilogue = newEpilogue;
            epilogue.begin(y, output.width());
            pool.run(Math.multiplyExact(batch.blocks(), output.width()), epilogueTask);
            epilogue = null;
        }
    }

    private void sumColumn(int task, int worker) {
        int column = task % output.width();
        int block = task / output.width();
        epilogue.stretch(block, column, column * output.height(), 1, output.height(), 0, batch.blockWidth(), 0,
                output.channels(), worker);
    }

    private void check(
            Support support, String weightName, Storage w, String inName, Storage in, String outName, Storage out) {
        Checks.support(support, weightShape);
        Checks.storage(weightName, w, ElementType.FLOAT, weightShape.size());
        Checks.activations(inName, in, ElementType.FLOAT, batch, input);
        Checks.activations(outName, out, ElementType.FLOAT, batch, output);
    }
}
