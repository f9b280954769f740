package org.bame.kernel;

import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * The element-wise passes of {@link Kernels} on vectors of images, {@link ElementType#FLOAT} only. Used by one thread
 * at a time; spreads its work over the pool. Padding lanes follow the same arithmetic as the others: zeros give zeros.
 */
final class SimdElementwise {
    /** Bytes of the block layout that one task of a transposition covers: half an L1 cache. */
    private static final int TRANSPOSE_BYTES = 16384;

    /** Bytes that one task of another pass works on, roughly. */
    private static final int TASK_BYTES = 1 << 17;

    private final WorkerPool pool;
    private final WorkerPool.Task toBlocksTask = this::toBlocksPart;
    private final WorkerPool.Task fromBlocksTask = this::fromBlocksPart;
    private final WorkerPool.Task averagePoolTask = this::averagePoolPart;
    private final WorkerPool.Task averagePoolBackwardTask = this::averagePoolBackwardPart;
    private final WorkerPool.Task shortcutTask = this::shortcutPart;
    private final WorkerPool.Task shortcutBackwardTask = this::shortcutBackwardPart;
    private final WorkerPool.Task addTask = this::addPart;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage source;
    private Storage target;
    private FeatureShape shape;
    private BatchLayout batch;
    private int widthBytes;
    private int stride;
    private int outputs;
    private int outputHeight;
    private int outputPixels;
    /** Units of work (each pass says of what) in a task and in a block of images, and tasks in a block. */
    private int unitsPerTask;
    private int unitsPerBlock;
    private int tasksPerBlock;
    /** Of every worker, for transpositions; grows if a later tensor needs more. */
    private Storage scratch;
    private long scratchBytes;

    SimdElementwise(WorkerPool pool) {
        this.pool = pool;
    }

    /** See {@link Kernels#toBlocks}. */
    void toBlocks(FeatureShape shape, BatchLayout batch, Storage images, Storage blocks) {
        Checks.storage("images", images, ElementType.FLOAT, (long) batch.images() * shape.elementsPerImage());
        Checks.activations("blocks", blocks, ElementType.FLOAT, batch, shape);
        begin(shape, batch, images, blocks);
        runTransposition(toBlocksTask);
    }

    /** See {@link Kernels#fromBlocks}. */
    void fromBlocks(FeatureShape shape, BatchLayout batch, Storage blocks, Storage images) {
        Checks.activations("blocks", blocks, ElementType.FLOAT, batch, shape);
        Checks.storage("images", images, ElementType.FLOAT, (long) batch.images() * shape.elementsPerImage());
        begin(shape, batch, blocks, images);
        runTransposition(fromBlocksTask);
    }

    /** See {@link Kernels#averagePool}. */
    void averagePool(FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        Checks.activations("x", x, ElementType.FLOAT, batch, shape);
        Checks.storage("y", y, ElementType.FLOAT, onePixel(shape, batch));
        begin(shape, batch, x, y);
        run(averagePoolTask, shape.channels(), (long) shape.pixels() * widthBytes, TASK_BYTES);
    }

    /** See {@link Kernels#averagePoolBackward}. */
    void averagePoolBackward(FeatureShape shape, BatchLayout batch, Storage dy, Storage dx) {
        Checks.storage("dy", dy, ElementType.FLOAT, onePixel(shape, batch));
        Checks.activations("dx", dx, ElementType.FLOAT, batch, shape);
        begin(shape, batch, dy, dx);
        run(averagePoolBackwardTask, shape.pixels(), (long) shape.channels() * widthBytes, TASK_BYTES);
    }

    /** See {@link Kernels#shortcut}. */
    void shortcut(FeatureShape input, int outputs, int stride, BatchLayout batch, Storage x, Storage y) {
        FeatureShape output = new ShortcutShape(input, outputs, stride).output();
        Checks.activations("x", x, ElementType.FLOAT, batch, input);
        Checks.activations("y", y, ElementType.FLOAT, batch, output);
        begin(input, batch, x, y);
        beginShortcut(output, stride);
        run(shortcutTask, output.pixels(), (long) outputs * widthBytes, TASK_BYTES);
    }

    /** See {@link Kernels#shortcutBackward}. */
    void shortcutBackward(FeatureShape input, int outputs, int stride, BatchLayout batch, Storage dy, Storage dx) {
        FeatureShape output = new ShortcutShape(input, outputs, stride).output();
        Checks.activations("dy", dy, ElementType.FLOAT, batch, output);
        Checks.activations("dx", dx, ElementType.FLOAT, batch, input);
        begin(input, batch, dy, dx);
        beginShortcut(output, stride);
        run(shortcutBackwardTask, input.pixels(), (long) input.channels() * widthBytes, TASK_BYTES);
    }

    /** See {@link Kernels#add}. */
    void add(Storage target, Storage addend) {
        Checks.storage("target", target, ElementType.FLOAT, target.size());
        Checks.storage("addend", addend, ElementType.FLOAT, target.size());
        this.source = addend;
        this.target = target;
        pool.run(Math.toIntExact((target.size() * Float.BYTES + TASK_BYTES - 1) / TASK_BYTES), addTask);
        end();
    }

    /** Elements of a tensor of one pixel (a shape made for the question would be garbage). */
    private static long onePixel(FeatureShape shape, BatchLayout batch) {
        return (long) batch.blocks() * batch.blockWidth() * shape.channels();
    }

    private void begin(FeatureShape shape, BatchLayout batch, Storage source, Storage target) {
        this.shape = shape;
        this.batch = batch;
        this.source = source;
        this.target = target;
        widthBytes = batch.blockWidth() * Float.BYTES;
    }

    private void beginShortcut(FeatureShape output, int stride) {
        this.stride = stride;
        outputs = output.channels();
        outputHeight = output.height();
        outputPixels = output.pixels();
    }

    private void runTransposition(WorkerPool.Task task) {
        long unitBytes = (long) shape.width() * widthBytes;
        if (Math.max(unitBytes, TRANSPOSE_BYTES) > scratchBytes) {
            scratchBytes = Math.max(unitBytes, TRANSPOSE_BYTES);
            scratch = Storage.allocate(ElementType.FLOAT, pool.threads() * scratchBytes / Float.BYTES);
        }
        run(task, shape.channels() * shape.height(), unitBytes, TRANSPOSE_BYTES);
    }

    private void run(WorkerPool.Task task, int units, long bytesPerUnit, int bytesPerTask) {
        unitsPerBlock = units;
        unitsPerTask = Math.clamp(bytesPerTask / bytesPerUnit, 1, units);
        tasksPerBlock = (units + unitsPerTask - 1) / unitsPerTask;
        pool.run(Math.multiplyExact(batch.blocks(), tasksPerBlock), task);
        end();
    }

    private void end() {
        source = null;
        target = null;
    }

    private int block(int task) {
        return task / tasksPerBlock;
    }

    private int firstUnit(int task) {
        return task % tasksPerBlock * unitsPerTask;
    }

    private int endUnit(int task) {
        return Math.min(unitsPerBlock, firstUnit(task) + unitsPerTask);
    }

    /** Address of a pixel of a block in a tensor of so many pixels and channels. */
    private long pixel(Storage storage, int block, int pixels, int channels, int pixel) {
        return storage.address() + ((long) block * pixels + pixel) * channels * widthBytes;
    }

    // A unit of a transposition is one row of one channel. The units of a task are contiguous in an image; scratch
    // memory takes them as [number][image], since in the block layout the numbers of a row may share one cache set.

    private void toBlocksPart(int task, int worker) {
        int block = block(task);
        int images = batch.imagesIn(block);
        int numbers = (endUnit(task) - firstUnit(task)) * shape.width();
        long buffer = scratch(worker);
        clear(buffer, (long) numbers * widthBytes);
        for (int image = 0; image < images; image++) {
            scatter(imageUnits(source, task, image), buffer + (long) image * Float.BYTES, numbers, widthBytes);
        }
        for (int unit = firstUnit(task); unit < endUnit(task); unit++) {
            for (int column = 0; column < shape.width(); column++) {
                Native.copy(buffer, inBlocks(target, block, unit, column), widthBytes);
                buffer += widthBytes;
            }
        }
    }

    private void fromBlocksPart(int task, int worker) {
        int block = block(task);
        int images = batch.imagesIn(block);
        int numbers = (endUnit(task) - firstUnit(task)) * shape.width();
        long buffer = scratch(worker);
        for (int unit = firstUnit(task); unit < endUnit(task); unit++) {
            for (int column = 0; column < shape.width(); column++) {
                Native.copy(inBlocks(source, block, unit, column), buffer, widthBytes);
                buffer += widthBytes;
            }
        }
        buffer = scratch(worker);
        for (int image = 0; image < images; image++) {
            gather(buffer + (long) image * Float.BYTES, imageUnits(target, task, image), numbers, widthBytes);
        }
    }

    private long scratch(int worker) {
        return scratch.address() + worker * scratchBytes;
    }

    /** Address of a task's units in an image of its block. */
    private long imageUnits(Storage images, int task, int image) {
        long first = ((long) block(task) * batch.blockWidth() + image) * shape.elementsPerImage();
        return images.address() + (first + (long) firstUnit(task) * shape.width()) * Float.BYTES;
    }

    private long inBlocks(Storage blocks, int block, int unit, int column) {
        int channel = unit / shape.height();
        int row = unit % shape.height();
        return pixel(blocks, block, shape.pixels(), shape.channels(), column * shape.height() + row)
                + (long) channel * widthBytes;
    }

    private static void scatter(long from, long to, int count, int distance) {
        for (int i = 0; i < count; i++) {
            float value = MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + (long) i * Float.BYTES);
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + (long) i * distance, value);
        }
    }

    private static void gather(long from, long to, int count, int distance) {
        for (int i = 0; i < count; i++) {
            float value = MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + (long) i * distance);
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + (long) i * Float.BYTES, value);
        }
    }

    /** A unit is a channel. */
    private void averagePoolPart(int task, int worker) {
        int block = block(task);
        long tile = (long) firstUnit(task) * widthBytes;
        long bytes = (long) (endUnit(task) - firstUnit(task)) * widthBytes;
        long to = pixel(target, block, 1, shape.channels(), 0) + tile;
        clear(to, bytes);
        for (int pixel = 0; pixel < shape.pixels(); pixel++) {
            addTo(to, pixel(source, block, shape.pixels(), shape.channels(), pixel) + tile, bytes);
        }
        scale(to, 1f / shape.pixels(), to, bytes);
    }

    /** A unit is a pixel. */
    private void averagePoolBackwardPart(int task, int worker) {
        int block = block(task);
        long bytes = (long) shape.channels() * widthBytes;
        long from = pixel(source, block, 1, shape.channels(), 0);
        for (int pixel = firstUnit(task); pixel < endUnit(task); pixel++) {
            scale(from, 1f / shape.pixels(), pixel(target, block, shape.pixels(), shape.channels(), pixel), bytes);
        }
    }

    /** A unit is a pixel of the output. */
    private void shortcutPart(int task, int worker) {
        int block = block(task);
        long bytes = (long) shape.channels() * widthBytes;
        long margin = (long) (outputs - shape.channels()) / 2 * widthBytes;
        for (int pixel = firstUnit(task); pixel < endUnit(task); pixel++) {
            int inputPixel = (pixel / outputHeight * shape.height() + pixel % outputHeight) * stride;
            long to = pixel(target, block, outputPixels, outputs, pixel);
            clear(to, margin);
            Native.copy(pixel(source, block, shape.pixels(), shape.channels(), inputPixel), to + margin, bytes);
            clear(to + margin + bytes, margin);
        }
    }

    /** A unit is a pixel of the input. */
    private void shortcutBackwardPart(int task, int worker) {
        int block = block(task);
        long bytes = (long) shape.channels() * widthBytes;
        long margin = (long) (outputs - shape.channels()) / 2 * widthBytes;
        for (int pixel = firstUnit(task); pixel < endUnit(task); pixel++) {
            int column = pixel / shape.height();
            int row = pixel % shape.height();
            long to = pixel(target, block, shape.pixels(), shape.channels(), pixel);
            if (column % stride == 0 && row % stride == 0) {
                int outputPixel = column / stride * outputHeight + row / stride;
                Native.copy(pixel(source, block, outputPixels, outputs, outputPixel) + margin, to, bytes);
            } else {
                clear(to, bytes);
            }
        }
    }

    private void addPart(int task, int worker) {
        long first = (long) task * TASK_BYTES;
        long bytes = Math.min(TASK_BYTES, target.size() * Float.BYTES - first);
        long vectors = bytes / VECTOR_BYTES * VECTOR_BYTES;
        addTo(target.address() + first, source.address() + first, vectors);
        for (long i = first + vectors; i < first + bytes; i += Float.BYTES) {
            float sum = MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, target.address() + i)
                    + MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, source.address() + i);
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, target.address() + i, sum);
        }
    }

    // Passes over contiguous memory; block widths are whole vectors.

    private static void clear(long to, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (long i = 0; i < bytes; i += VECTOR_BYTES) {
            zero.intoMemorySegment(MEMORY, to + i, ORDER);
        }
    }

    private static void addTo(long to, long from, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR_BYTES) {
            FloatVector addend = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + i, ORDER);
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, MEMORY, to + i, ORDER).add(addend);
            sum.intoMemorySegment(MEMORY, to + i, ORDER);
        }
    }

    private static void scale(long from, float factor, long to, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR_BYTES) {
            FloatVector product = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + i, ORDER).mul(factor);
            product.intoMemorySegment(MEMORY, to + i, ORDER);
        }
    }
}
