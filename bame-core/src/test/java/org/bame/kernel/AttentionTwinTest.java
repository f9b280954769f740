package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds a provider's attention against the scalar twin. */
abstract class AttentionTwinTest {
    private static final List<AttentionShape> SHAPES = List.of(
            shape(1, 1, 1, false),
            shape(1, 3, 5, false),
            shape(2, 5, 7, true),
            shape(3, 8, 16, false),
            shape(1, 37, 33, true),
            shape(2, 64, 67, false));

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    private static AttentionShape shape(int heads, int headSize, int tokens, boolean causal) {
        return new AttentionShape(new FeatureShape(3 * heads * headSize, tokens, 1), heads, causal);
    }

    @Test
    void agreesOnAwkwardShapes() {
        try (Kernels kernels = candidate(2)) {
            long seed = 3;
            for (AttentionShape shape : SHAPES) {
                for (BatchLayout batch : TwinTensors.BATCHES) {
                    if (shape.tokens() < 60 || batch.images() < 16) {
                        new Tensors(shape, batch, 1, ++seed).compare(kernels.tokens().attention(shape, batch), 5e-6);
                    }
                }
            }
        }
    }

    /** Scores of hundreds: their exponentials are far outside single precision. */
    @Test
    void survivesLargeScores() {
        AttentionShape shape = shape(2, 16, 21, false);
        BatchLayout batch = BatchLayout.of(19);
        try (Kernels kernels = candidate(1)) {
            new Tensors(shape, batch, 12, 8).compare(kernels.tokens().attention(shape, batch), 2e-3);
        }
    }

    /** More tiles than one each way, and pixels in two dimensions. */
    @Test
    void agreesOnManyTokens() {
        AttentionShape shape = new AttentionShape(new FeatureShape(12, 50, 2), 1, false);
        BatchLayout batch = BatchLayout.of(3);
        try (Kernels kernels = candidate(3)) {
            new Tensors(shape, batch, 1, 8).compare(kernels.tokens().attention(shape, batch), 5e-6);
            AttentionShape causal = new AttentionShape(shape.input(), 1, true);
            new Tensors(causal, batch, 1, 9).compare(kernels.tokens().attention(causal, batch), 5e-6);
        }
    }

    @Test
    void causalTokensDoNotSeeLaterOnes() {
        AttentionShape shape = shape(2, 4, 40, true);
        BatchLayout batch = BatchLayout.of(2);
        try (Kernels kernels = candidate(1)) {
            AttentionKernel kernel = kernels.tokens().attention(shape, batch);
            Tensors before = new Tensors(shape, batch, 1, 4);
            Tensors after = new Tensors(shape, batch, 1, 4);
            for (int channel = 0; channel < shape.input().channels(); channel++) {
                after.qkv.storage().set(batch.index(shape.input(), 0, channel, 21, 0), 3);
            }
            before.forward(kernel);
            after.forward(kernel);
            for (int token = 0; token < shape.tokens(); token++) {
                long at = batch.index(shape.output(), 0, 1, token, 0);
                boolean same = before.y.storage().get(at) == after.y.storage().get(at);
                assertThat(same).as("token %d", token).isEqualTo(token < 21);
            }
        }
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        AttentionShape shape = shape(3, 10, 35, false);
        BatchLayout batch = BatchLayout.of(70);
        Tensors first = null;
        for (int threads = 1; threads <= 4; threads++) {
            try (Kernels kernels = candidate(threads)) {
                AttentionKernel kernel = kernels.tokens().attention(shape, batch);
                for (int repetition = 0; repetition < 5; repetition++) {
                    Tensors tensors = new Tensors(shape, batch, 1, 6);
                    tensors.forward(kernel);
                    tensors.backward(kernel);
                    first = first == null ? tensors : first;
                    TwinTensors.assertSame(tensors.y, first.y, threads + " threads: y");
                    TwinTensors.assertSame(tensors.dqkv, first.dqkv, threads + " threads: dqkv");
                }
            }
        }
    }

    @Test
    void refusesWrongArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttentionShape(new FeatureShape(20, 3, 1), 2, false))
                .withMessageContaining("a multiple of 6 channels");
        AttentionShape shape = shape(1, 2, 3, false);
        BatchLayout batch = BatchLayout.of(3);
        Tensors t = new Tensors(shape, batch, 1, 1);
        Storage y = t.y.storage();
        try (Kernels kernels = candidate(1)) {
            AttentionKernel kernel = kernels.tokens().attention(shape, batch);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(y, y, y))
                    .withMessageContaining("qkv has 96 elements, expected 288");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.backward(t.qkv.storage(), t.statistics.storage(), y, y, y))
                    .withMessageContaining("dqkv");
        }
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        AttentionShape shape = shape(2, 5, 6, true);
        BatchLayout batch = BatchLayout.of(37);
        Tensors tensors = new Tensors(shape, batch, 1, 1);
        try (Kernels kernels = candidate(2)) {
            AttentionKernel kernel = kernels.tokens().attention(shape, batch);
            Allocation.assertNone("forward", () -> tensors.forward(kernel));
            Allocation.assertNone("backward", () -> tensors.backward(kernel));
        }
    }

    /** The tensors of one attention; the padding would spoil whatever it reached. */
    private static final class Tensors {
        final AttentionShape shape;
        final BatchLayout batch;
        final GuardedStorage qkv;
        final GuardedStorage dy;
        final GuardedStorage statistics;
        final GuardedStorage y;
        final GuardedStorage dqkv;

        Tensors(AttentionShape shape, BatchLayout batch, double deviation, long seed) {
            this.shape = shape;
            this.batch = batch;
            Random random = new Random(seed);
            qkv = TwinTensors.images(shape.input(), batch, random, 0.1, deviation, 1e30);
            dy = TwinTensors.images(shape.output(), batch, random, 0.1, 1, 1e30);
            statistics = TwinTensors.activations(shape.statistics(), batch);
            y = TwinTensors.activations(shape.output(), batch);
            dqkv = TwinTensors.activations(shape.input(), batch);
        }

        void forward(AttentionKernel kernel) {
            kernel.forward(qkv.storage(), statistics.storage(), y.storage());
        }

        void backward(AttentionKernel kernel) {
            kernel.backward(qkv.storage(), statistics.storage(), y.storage(), dy.storage(), dqkv.storage());
        }

        void compare(AttentionKernel kernel, double tolerance) {
            Tensors twin = new Tensors(shape, batch, 1, 0);
            AttentionKernel reference = new ScalarAttention(shape, batch);
            forward(kernel);
            reference.forward(qkv.storage(), twin.statistics.storage(), twin.y.storage());
            TwinTensors.assertImages(y, twin.y.storage(), shape.output(), batch, tolerance, shape + " y");
            TwinTensors.assertPaddingZero(y, shape.output(), batch, "y");
            backward(kernel);
            reference.backward(qkv.storage(), twin.statistics.storage(), twin.y.storage(), dy.storage(),
                    twin.dqkv.storage());
            TwinTensors.assertImages(dqkv, twin.dqkv.storage(), shape.input(), batch, 4 * tolerance, shape + " dqkv");
            TwinTensors.assertPaddingZero(dqkv, shape.input(), batch, "dqkv");
            statistics.verify("statistics");
            qkv.verify("qkv");
            dy.verify("dy");
        }
    }
}
