package org.bame.kernel;

import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * GELU on vectors, {@link ElementType#FLOAT} only: {@code x} times the normal distribution function of {@code x}, by
 * {@link NormalTail} and {@link ExpPolynomial}. One exponential serves the distribution and its density.
 */
final class SimdGelu {
    private static final int TASK_BYTES = 1 << 16;

    private final WorkerPool pool;
    private final WorkerPool.Task forwardTask = this::forwardPart;
    private final WorkerPool.Task backwardTask = this::backwardPart;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage x;
    private Storage y;
    private Storage dy;
    private Storage dx;

    SimdGelu(WorkerPool pool) {
        this.pool = pool;
    }

    /** See {@link TokenKernels#gelu}. */
    void forward(FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        Checks.activations("x", x, ElementType.FLOAT, batch, shape);
        Checks.activations("y", y, ElementType.FLOAT, batch, shape);
        this.x = x;
        this.y = y;
        pool.run(tasks(x), forwardTask);
        end();
    }

    /** See {@link TokenKernels#geluBackward}. */
    void backward(FeatureShape shape, BatchLayout batch, Storage x, Storage dy, Storage dx) {
        Checks.activations("x", x, ElementType.FLOAT, batch, shape);
        Checks.activations("dy", dy, ElementType.FLOAT, batch, shape);
        Checks.activations("dx", dx, ElementType.FLOAT, batch, shape);
        this.x = x;
        this.dy = dy;
        this.dx = dx;
        pool.run(tasks(x), backwardTask);
        end();
    }

    private void end() {
        x = null;
        y = null;
        dy = null;
        dx = null;
    }

    private static int tasks(Storage x) {
        return Math.toIntExact((x.size() * Float.BYTES + TASK_BYTES - 1) / TASK_BYTES);
    }

    private void forwardPart(int task, int worker) {
        long first = (long) task * TASK_BYTES;
        forward(x.address() + first, Math.min(TASK_BYTES, x.size() * Float.BYTES - first), y.address() + first);
    }

    private void backwardPart(int task, int worker) {
        long first = (long) task * TASK_BYTES;
        backward(x.address() + first, dy.address() + first, Math.min(TASK_BYTES, x.size() * Float.BYTES - first),
                dx.address() + first);
    }

    private static void forward(long x, long bytes, long y) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector rounder = FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER);
        for (long i = 0; i < bytes; i += VECTOR_BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + i, ORDER);
            FloatVector size = v.abs();
            FloatVector t = one.div(size.fma(FloatVector.broadcast(SPECIES, NormalTail.P), one));
            FloatVector tail = FloatVector.broadcast(SPECIES, NormalTail.C6)
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C5))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C4))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C3))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C2))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C1))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C0))
                    .mul(t);
            FloatVector exponent = size.mul(-0.5f).mul(size);
            FloatVector shifted = exponent.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E), rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), exponent);
            r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, ExpPolynomial.C4)
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C3))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C2))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C1))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C0));
            p = p.fma(r.mul(r), r.add(one));
            IntVector power =
                    shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, ExpPolynomial.FRACTION_BITS);
            FloatVector exp = p.reinterpretAsInts().add(power).reinterpretAsFloats();
            exp = exp.blend(zero, exponent.compare(VectorOperators.LT, ExpPolynomial.LEAST));
            tail = tail.mul(exp);
            FloatVector distribution = one.sub(tail).blend(tail, v.compare(VectorOperators.LT, zero));
            v.mul(distribution).intoMemorySegment(MEMORY, y + i, ORDER);
        }
    }

    private static void backward(long x, long dy, long bytes, long dx) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector rounder = FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER);
        for (long i = 0; i < bytes; i += VECTOR_BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + i, ORDER);
            FloatVector size = v.abs();
            FloatVector t = one.div(size.fma(FloatVector.broadcast(SPECIES, NormalTail.P), one));
            FloatVector tail = FloatVector.broadcast(SPECIES, NormalTail.C6)
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C5))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C4))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C3))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C2))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C1))
                    .fma(t, FloatVector.broadcast(SPECIES, NormalTail.C0))
                    .mul(t);
            FloatVector exponent = size.mul(-0.5f).mul(size);
            FloatVector shifted = exponent.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E), rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), exponent);
            r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, ExpPolynomial.C4)
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C3))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C2))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C1))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C0));
            p = p.fma(r.mul(r), r.add(one));
            IntVector power =
                    shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, ExpPolynomial.FRACTION_BITS);
            FloatVector exp = p.reinterpretAsInts().add(power).reinterpretAsFloats();
            exp = exp.blend(zero, exponent.compare(VectorOperators.LT, ExpPolynomial.LEAST));
            tail = tail.mul(exp);
            FloatVector distribution = one.sub(tail).blend(tail, v.compare(VectorOperators.LT, zero));
            FloatVector slope = v.mul(exp).fma(FloatVector.broadcast(SPECIES, NormalTail.DENSITY), distribution);
            slope.mul(FloatVector.fromMemorySegment(SPECIES, MEMORY, dy + i, ORDER))
                    .intoMemorySegment(MEMORY, dx + i, ORDER);
        }
    }
}
