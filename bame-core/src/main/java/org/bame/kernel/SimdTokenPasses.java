package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;

/**
 * The passes of {@link TokenKernels} that move and add tokens, {@link ElementType#FLOAT} only. A task is one token of all
 * blocks, or of one; so sums over the blocks have one order.
 */
final class SimdTokenPasses {
    private static final int TASK_BYTES = 1 << 17;

    private final WorkerPool pool;
    private final WorkerPool.Task addTask = this::addPart;
    private final WorkerPool.Task embedTask = this::embedToken;
    private final WorkerPool.Task embedBackwardTask = this::embedTokenBackward;
    private final WorkerPool.Task selectTask = this::selectOfBlock;
    private final WorkerPool.Task selectBackwardTask = this::selectBackwardOfBlock;
    private final WorkerPool.Task mergeTask = this::mergePart;
    private final WorkerPool.Task mergeBackwardTask = this::mergePartBackward;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage source;
    private Storage addend;
    private Storage target;
    private Storage classToken;
    private Storage positions;
    private BatchLayout batch;
    private LaneMasks masks;
    private int channels;
    private int sourceTokens;
    private int targetTokens;
    /** The token that the other side's first one is. */
    private int offset;
    private MergingShape merging;
    private long rowBytes;
    private int widthBytes;
    /** Of each worker, one vector a channel; grows if a later tensor needs more. */
    private Storage laneSums;
    private long laneSumBytes;

    SimdTokenPasses(WorkerPool pool) {
        this.pool = pool;
    }

    /** See {@link TokenKernels#add}. */
    void add(FeatureShape shape, BatchLayout batch, Storage a, Storage b, Storage sum) {
        Checks.activations("a", a, ElementType.FLOAT, batch, shape);
        Checks.activations("b", b, ElementType.FLOAT, batch, shape);
        Checks.activations("sum", sum, ElementType.FLOAT, batch, shape);
        source = a;
        addend = b;
        target = sum;
        pool.run(Math.toIntExact((sum.size() * Float.BYTES + TASK_BYTES - 1) / TASK_BYTES), addTask);
        end();
    }

    /** See {@link TokenKernels#embed}. */
    void embed(EmbeddingShape shape, BatchLayout batch, Storage x, Storage token, Storage position, Storage y) {
        shape.check(ElementType.FLOAT, token, position);
        begin(batch, shape.patches().channels(), "x", x, shape.patches().pixels(), "y", y, shape.tokens());
        classToken = token;
        positions = position;
        offset = shape.firstPatch();
        pool.run(targetTokens, embedTask);
        end();
    }

    /** See {@link TokenKernels#embedBackward}. */
    void embedBackward(
            EmbeddingShape shape, BatchLayout batch, Storage dy, Storage dx, Storage dToken, Storage dPosition) {
        shape.check(ElementType.FLOAT, dToken, dPosition);
        begin(batch, shape.patches().channels(), "dy", dy, shape.tokens(), "dx", dx, shape.patches().pixels());
        classToken = dToken;
        positions = dPosition;
        offset = shape.firstPatch();
        pool.run(sourceTokens, embedBackwardTask);
        end();
    }

    /** See {@link TokenKernels#select}. */
    void select(FeatureShape shape, int token, BatchLayout batch, Storage x, Storage y) {
        Checks.token(token, shape);
        begin(batch, shape.channels(), "x", x, shape.pixels(), "y", y, 1);
        offset = token;
        pool.run(batch.blocks(), selectTask);
        end();
    }

    /** See {@link TokenKernels#selectBackward}. */
    void selectBackward(FeatureShape shape, int token, BatchLayout batch, Storage dy, Storage dx) {
        Checks.token(token, shape);
        begin(batch, shape.channels(), "dy", dy, 1, "dx", dx, shape.pixels());
        offset = token;
        pool.run(batch.blocks(), selectBackwardTask);
        end();
    }

    /** See {@link TokenKernels#merge}. A target's token is a part of a pixel. */
    void merge(MergingShape shape, BatchLayout batch, Storage x, Storage y) {
        FeatureShape input = shape.input();
        begin(batch, input.channels(), "x", x, input.pixels(), "y", y, input.pixels());
        merging = shape;
        pool.run(targetTokens, mergeTask);
        end();
    }

    /** See {@link TokenKernels#mergeBackward}. */
    void mergeBackward(MergingShape shape, BatchLayout batch, Storage dy, Storage dx) {
        FeatureShape input = shape.input();
        begin(batch, input.channels(), "dy", dy, input.pixels(), "dx", dx, input.pixels());
        merging = shape;
        pool.run(sourceTokens, mergeBackwardTask);
        end();
    }

    /** Takes and checks extents one by one: a shape made here might be garbage of every call. */
    private void begin(
            BatchLayout batch, int channels, String from, Storage source, int sourceTokens, String to, Storage target,
            int targetTokens) {
        long tokenElements = (long) batch.blocks() * channels * batch.blockWidth();
        Checks.storage(from, source, ElementType.FLOAT, tokenElements * sourceTokens);
        Checks.storage(to, target, ElementType.FLOAT, tokenElements * targetTokens);
        if (!batch.equals(this.batch)) {
            masks = new LaneMasks(batch);
        }
        this.batch = batch;
        this.channels = channels;
        this.source = source;
        this.sourceTokens = sourceTokens;
        this.target = target;
        this.targetTokens = targetTokens;
        widthBytes = batch.blockWidth() * Float.BYTES;
        rowBytes = (long) channels * widthBytes;
        if ((long) channels * VECTOR_BYTES > laneSumBytes) {
            laneSumBytes = (long) channels * VECTOR_BYTES;
            laneSums = Storage.allocate(ElementType.FLOAT, pool.threads() * laneSumBytes / Float.BYTES);
        }
    }

    private void end() {
        source = null;
        addend = null;
        target = null;
        classToken = null;
        positions = null;
    }

    private void addPart(int task, int worker) {
        long first = (long) task * TASK_BYTES;
        long bytes = Math.min(TASK_BYTES, target.size() * Float.BYTES - first);
        sum(source.address() + first, addend.address() + first, bytes, target.address() + first);
    }

    private void embedToken(int token, int worker) {
        long position = positions.address() + (long) token * channels * Float.BYTES;
        for (int block = 0; block < batch.blocks(); block++) {
            long to = targetRow(block, token);
            if (token < offset) {
                spread(classToken.address(), position, channels, widthBytes, to);
            } else {
                SimdBias.add(sourceRow(block, token - offset), position, channels, widthBytes, to);
            }
        }
    }

    private void embedTokenBackward(int token, int worker) {
        long sums = laneSums.address() + worker * laneSumBytes;
        Native.clear(sums, (long) channels * VECTOR_BYTES);
        for (int block = 0; block < batch.blocks(); block++) {
            long from = sourceRow(block, token);
            SimdBias.sum(from, channels, widthBytes, masks.lanes(block), sums);
            if (token >= offset) {
                Native.copy(from, targetRow(block, token - offset), rowBytes);
            }
        }
        for (int channel = 0; channel < channels; channel++) {
            float sum = LaneSums.sum(sums + (long) channel * VECTOR_BYTES);
            positions.set((long) token * channels + channel, sum);
            if (token < offset) {
                classToken.set(channel, sum);
            }
        }
    }

    private void selectOfBlock(int block, int worker) {
        Native.copy(sourceRow(block, offset), targetRow(block, 0), rowBytes);
    }

    private void selectBackwardOfBlock(int block, int worker) {
        Native.clear(targetRow(block, 0), targetTokens * rowBytes);
        Native.copy(sourceRow(block, 0), targetRow(block, offset), rowBytes);
    }

    private void mergePart(int part, int worker) {
        for (int block = 0; block < batch.blocks(); block++) {
            Native.copy(sourceRow(block, merging.pixel(part)), targetRow(block, part), rowBytes);
        }
    }

    private void mergePartBackward(int part, int worker) {
        for (int block = 0; block < batch.blocks(); block++) {
            Native.copy(sourceRow(block, part), targetRow(block, merging.pixel(part)), rowBytes);
        }
    }

    private long sourceRow(int block, int token) {
        return source.address() + ((long) block * sourceTokens + token) * rowBytes;
    }

    private long targetRow(int block, int token) {
        return target.address() + ((long) block * targetTokens + token) * rowBytes;
    }

    private static void sum(long a, long b, long bytes, long sum) {
        for (long i = 0; i < bytes; i += VECTOR_BYTES) {
            FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, a + i, ORDER);
            FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, b + i, ORDER);
            first.add(second).intoMemorySegment(MEMORY, sum + i, ORDER);
        }
    }

    /** {@code y = a + b} of each channel, in all images. */
    private static void spread(long a, long b, int channels, int widthBytes, long y) {
        for (int channel = 0; channel < channels; channel++) {
            float sum = MEMORY.get(JAVA_FLOAT_UNALIGNED, a + 4L * channel)
                    + MEMORY.get(JAVA_FLOAT_UNALIGNED, b + 4L * channel);
            FloatVector value = FloatVector.broadcast(SPECIES, sum);
            for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                value.intoMemorySegment(MEMORY, y + v, ORDER);
            }
            y += widthBytes;
        }
    }
}
