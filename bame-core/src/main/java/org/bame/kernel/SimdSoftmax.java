package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax cross-entropy with one prediction a lane, {@link ElementType#FLOAT} only: for networks that predict at many
 * positions. The logits of a class lie side by side there, so that no lane is summed. Positions behind the last whole vector,
 * and images with one prediction, are left to {@link SoftmaxCrossEntropy}; exponentials are those of {@link ExpPolynomial}.
 * Errors: gradient 3e-7 / positions, loss 1e-6 (1 + loss). Arithmetic: an exponential a logit. A task is
 * an image; losses are added in their order.
 */
final class SimdSoftmax {
    /** Vectors of a worker: largest logits, sums of exponentials, of targets, of targets times distances; and one to throw away. */
    private static final int SCRATCH_VECTORS = 5;

    private final WorkerPool pool;
    private final WorkerPool.Task task = this::image;
    private final Storage scratch;
    private double[] losses = new double[0];

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage logits;
    private Storage labels;
    private Storage gradient;
    private int classes;
    private int positions;
    private double smoothing;

    SimdSoftmax(WorkerPool pool) {
        this.pool = pool;
        scratch = Storage.allocate(ElementType.FLOAT, (long) pool.threads() * SCRATCH_VECTORS * LANES);
    }

    /** See {@link Kernels#softmaxCrossEntropy}. */
    double run(
            int images, int classes, int positions, double smoothing, Storage logits, Storage labels,
            Storage gradient) {
        if (positions < LANES) {
            return SoftmaxCrossEntropy.run(images, classes, positions, smoothing, logits, labels, gradient);
        }
        Checks.softmax(images, classes, positions, smoothing, logits, labels, gradient);
        Checks.storage("logits", logits, ElementType.FLOAT, logits.size());
        this.classes = classes;
        this.positions = positions;
        this.smoothing = smoothing;
        this.logits = logits;
        this.labels = labels;
        this.gradient = gradient;
        if (losses.length < images) {
            losses = new double[images];
        }
        try {
            pool.run(images, task);
        } finally {
            this.logits = null;
            this.labels = null;
            this.gradient = null;
        }
        double total = 0;
        for (int image = 0; image < images; image++) {
            total += losses[image];
        }
        return total;
    }

    private void image(int image, int worker) {
        long first = (long) image * classes * positions;
        int whole = positions - positions % LANES;
        double sum = 0;
        for (int position = 0; position < whole; position += LANES) {
            sum += vector(first + position, scratch.address() + (long) worker * SCRATCH_VECTORS * VECTOR_BYTES);
        }
        for (int position = whole; position < positions; position++) {
            sum += SoftmaxCrossEntropy.prediction(
                    first + position, classes, positions, smoothing, logits, labels, gradient);
        }
        losses[image] = sum / positions;
    }

    /** The predictions of one vector, whose first logits are at {@code first}; sum of their losses. */
    private double vector(long first, long largest) {
        long offset = first * Float.BYTES;
        long step = (long) positions * Float.BYTES;
        long sums = largest + VECTOR_BYTES;
        long targets = sums + VECTOR_BYTES;
        long distances = targets + VECTOR_BYTES;
        float certain = (float) (1 - smoothing);
        float spread = (float) (smoothing / classes);
        long x = logits.address() + offset;
        long label = labels.address() + offset;
        largest(x, step, classes, largest);
        distances(x, label, step, classes, largest, certain, spread, targets, distances);
        if (gradient == null) {
            exponentials(x, step, classes, largest, sums, distances + VECTOR_BYTES, 0);
        } else {
            long to = gradient.address() + offset;
            exponentials(x, step, classes, largest, sums, to, step);
            gradients(label, step, classes, sums, certain, spread, 1f / positions, to);
        }
        double loss = 0;
        for (int lane = 0; lane < LANES; lane++) {
            long at = (long) lane * Float.BYTES;
            loss += number(targets + at) * Math.log(number(sums + at)) + number(distances + at);
        }
        return loss;
    }

    private static double number(long address) {
        return MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
    }

    /** Largest of so many vectors. */
    private static void largest(long x, long step, int count, long largest) {
        FloatVector top = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
        for (int i = 1; i < count; i++) {
            x += step;
            top = top.max(fromMemorySegment(SPECIES, MEMORY, x, ORDER));
        }
        top.intoMemorySegment(MEMORY, largest, ORDER);
    }

    /** Writes {@code exp(x - largest)}, vectors {@code toStep} bytes apart, and their sums. */
    private static void exponentials(
            long x, long step, int count, long largest, long sums, long to, long toStep) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector rounder = FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER);
        FloatVector top = fromMemorySegment(SPECIES, MEMORY, largest, ORDER);
        FloatVector sum = zero;
        for (int i = 0; i < count; i++) {
            FloatVector v = fromMemorySegment(SPECIES, MEMORY, x, ORDER).sub(top);
            FloatVector shifted = v.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E), rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), v);
            r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, ExpPolynomial.C4)
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C3))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C2))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C1))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C0));
            p = p.fma(r.mul(r), r.add(one));
            IntVector power =
                    shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, ExpPolynomial.FRACTION_BITS);
            FloatVector exp = p.reinterpretAsInts().add(power).reinterpretAsFloats()
                    .blend(zero, v.compare(VectorOperators.LT, ExpPolynomial.LEAST));
            exp.intoMemorySegment(MEMORY, to, ORDER);
            sum = sum.add(exp);
            x += step;
            to += toStep;
        }
        sum.intoMemorySegment(MEMORY, sums, ORDER);
    }

    /** Sums of the targets {@code certain * label + spread}, and of targets times {@code largest - x}. */
    private static void distances(
            long x, long label, long step, int count, long largest, float certain, float spread, long targets,
            long distances) {
        FloatVector top = fromMemorySegment(SPECIES, MEMORY, largest, ORDER);
        FloatVector floor = FloatVector.broadcast(SPECIES, spread);
        FloatVector targetSum = FloatVector.zero(SPECIES);
        FloatVector distanceSum = FloatVector.zero(SPECIES);
        for (int i = 0; i < count; i++) {
            FloatVector target = fromMemorySegment(SPECIES, MEMORY, label, ORDER)
                    .fma(FloatVector.broadcast(SPECIES, certain), floor);
            targetSum = targetSum.add(target);
            distanceSum = top.sub(fromMemorySegment(SPECIES, MEMORY, x, ORDER)).fma(target, distanceSum);
            x += step;
            label += step;
        }
        targetSum.intoMemorySegment(MEMORY, targets, ORDER);
        distanceSum.intoMemorySegment(MEMORY, distances, ORDER);
    }

    /** Makes of exponentials {@code factor * (exponential / sums - target)}. */
    private static void gradients(
            long label, long step, int count, long sums, float certain, float spread, float factor,
            long gradient) {
        FloatVector floor = FloatVector.broadcast(SPECIES, spread);
        FloatVector inverse = FloatVector.broadcast(SPECIES, 1).div(fromMemorySegment(SPECIES, MEMORY, sums, ORDER));
        for (int i = 0; i < count; i++) {
            FloatVector target = fromMemorySegment(SPECIES, MEMORY, label, ORDER)
                    .fma(FloatVector.broadcast(SPECIES, certain), floor);
            fromMemorySegment(SPECIES, MEMORY, gradient, ORDER)
                    .mul(inverse)
                    .sub(target)
                    .mul(factor)
                    .intoMemorySegment(MEMORY, gradient, ORDER);
            label += step;
            gradient += step;
        }
    }
}
