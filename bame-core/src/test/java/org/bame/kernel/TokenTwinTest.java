package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds a provider's element-wise passes on tokens against the scalar twin, and counts what they allocate. */
abstract class TokenTwinTest {
    private static final long SEED = 17;

    private static final List<FeatureShape> SHAPES = List.of(
            new FeatureShape(1, 1, 1),
            new FeatureShape(3, 5, 7),
            new FeatureShape(17, 4, 4),
            new FeatureShape(500, 2, 1));

    private final TokenKernels twin = new ScalarTokens();

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    @Test
    void agreesOnAwkwardShapes() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = candidate(threads)) {
                for (FeatureShape shape : SHAPES) {
                    for (BatchLayout batch : TwinTensors.BATCHES) {
                        compareGelu(kernels.tokens(), shape, batch);
                        compareAddition(kernels.tokens(), shape, batch);
                        compareEmbedding(kernels.tokens(), new EmbeddingShape(shape, true), batch);
                        compareEmbedding(kernels.tokens(), new EmbeddingShape(shape, false), batch);
                        compareSelection(kernels.tokens(), shape, shape.pixels() / 2, batch);
                        compareMerging(kernels.tokens(), shape, batch);
                    }
                }
            }
        }
    }

    /** The errors that {@link NormalTail} states, over all numbers that matter: results of PyTorch's size of error. */
    @Test
    void geluIsAsExactAsStated() {
        FeatureShape shape = new FeatureShape(4096, 16, 1);
        BatchLayout batch = BatchLayout.of(16);
        GuardedStorage x = TwinTensors.activations(shape, batch);
        long count = x.storage().size();
        for (long i = 0; i < count; i++) {
            x.storage().set(i, 28.0 * i / count - 14);
        }
        GuardedStorage ones = TwinTensors.activations(shape, batch);
        ones.storage().fill(1);
        GuardedStorage y = TwinTensors.activations(shape, batch);
        GuardedStorage slope = TwinTensors.activations(shape, batch);
        try (Kernels kernels = candidate(2)) {
            kernels.tokens().gelu(shape, batch, x.storage(), y.storage());
            kernels.tokens().geluBackward(shape, batch, x.storage(), ones.storage(), slope.storage());
        }
        double worst = 0;
        double worstDistribution = 0;
        double worstSlope = 0;
        for (long i = 0; i < count; i++) {
            double value = x.storage().get(i);
            double distribution = NormalDistribution.cumulative(value);
            double error = Math.abs(y.storage().get(i) - value * distribution);
            worst = Math.max(worst, error / (1 + Math.abs(value)));
            worstDistribution = Math.max(worstDistribution, value == 0 ? 0 : error / Math.abs(value));
            double expected = distribution + value * NormalDistribution.density(value);
            worstSlope = Math.max(worstSlope, Math.abs(slope.storage().get(i) - expected));
        }
        assertThat(worst).isLessThan(1e-7);
        assertThat(worstDistribution).isLessThan(2e-7);
        assertThat(worstSlope).isLessThan(2.5e-7);
    }

    @Test
    void geluOfHugeNumbersIsThemselvesOrNothing() {
        FeatureShape shape = new FeatureShape(1, 1, 1);
        BatchLayout batch = BatchLayout.of(16);
        GuardedStorage x = TwinTensors.activations(shape, batch);
        GuardedStorage y = TwinTensors.activations(shape, batch);
        for (int i = 0; i < 16; i++) {
            x.storage().set(i, (i % 2 == 0 ? 1 : -1) * Math.pow(10, 2.5 * i));
        }
        try (Kernels kernels = candidate(1)) {
            kernels.tokens().gelu(shape, batch, x.storage(), y.storage());
        }
        for (int i = 4; i < 16; i++) {
            assertThat(y.storage().get(i)).isEqualTo(i % 2 == 0 ? x.storage().get(i) : 0);
        }
    }

    @Test
    void refusesWrongArguments() {
        FeatureShape shape = new FeatureShape(2, 3, 1);
        BatchLayout batch = BatchLayout.of(3);
        Storage x = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        Storage two = Storage.allocate(ElementType.FLOAT, 2);
        Storage six = Storage.allocate(ElementType.FLOAT, 6);
        try (Kernels kernels = candidate(1)) {
            TokenKernels tokens = kernels.tokens();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokens.gelu(shape, batch, x, two))
                    .withMessageContaining("y has 2 elements, expected 96");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokens.embed(new EmbeddingShape(shape, false), batch, x, two, six, x))
                    .withMessageContaining("class token");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokens.embed(new EmbeddingShape(shape, true), batch, x, null, six, x))
                    .withMessageContaining("class token");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokens.embed(new EmbeddingShape(shape, true), batch, x, two, six, x))
                    .withMessageContaining("position embedding has 6 elements, expected 8");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tokens.select(shape, 3, batch, x, x))
                    .withMessageContaining("Token is 3, expected 0 to 2");
        }
    }

    @Test
    void mergedPatchesHaveTheOrderOfTorchvision() {
        MergingShape shape = new MergingShape(new FeatureShape(1, 2, 4));
        BatchLayout batch = BatchLayout.of(1);
        Storage x = Storage.allocate(ElementType.FLOAT, batch.elements(shape.input()));
        Storage y = Storage.allocate(ElementType.FLOAT, batch.elements(shape.output()));
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 4; column++) {
                x.set(batch.index(shape.input(), 0, 0, row, column), 10 * row + column);
            }
        }
        try (Kernels kernels = candidate(1)) {
            kernels.tokens().merge(shape, batch, x, y);
        }
        for (int channel = 0; channel < 4; channel++) {
            double expected = List.of(2, 12, 3, 13).get(channel);
            assertThat(y.get(batch.index(shape.output(), 0, channel, 0, 1))).isEqualTo(expected);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MergingShape(new FeatureShape(1, 7, 8)))
                .withMessageContaining("even numbers of rows and columns");
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        EmbeddingShape shape = new EmbeddingShape(new FeatureShape(6, 4, 4), true);
        BatchLayout batch = BatchLayout.of(37);
        FeatureShape out = shape.output();
        Random random = new Random(SEED);
        Storage patches = TwinTensors.images(shape.patches(), batch, random, 0, 1, 0).storage();
        Storage x = TwinTensors.images(out, batch, random, 0, 1, 0).storage();
        Storage y = TwinTensors.images(out, batch, random, 0, 1, 0).storage();
        Storage merged = TwinTensors.images(shape.patches(), batch, random, 0, 1, 0).storage();
        Storage one = TwinTensors.images(FeatureShape.vector(6), batch, random, 0, 1, 0).storage();
        Storage token = vector(6).random(random, 0, 1).storage();
        Storage position = vector(shape.positions()).random(random, 0, 1).storage();
        try (Kernels kernels = candidate(2)) {
            TokenKernels tokens = kernels.tokens();
            Allocation.assertNone("gelu", () -> tokens.gelu(out, batch, x, y));
            Allocation.assertNone("geluBackward", () -> tokens.geluBackward(out, batch, x, y, y));
            Allocation.assertNone("add", () -> tokens.add(out, batch, x, y, y));
            Allocation.assertNone("embed", () -> tokens.embed(shape, batch, patches, token, position, y));
            Allocation.assertNone("embedBackward", () -> tokens.embedBackward(shape, batch, y, patches, token,
                    position));
            Allocation.assertNone("select", () -> tokens.select(out, 0, batch, x, one));
            MergingShape merging = new MergingShape(shape.patches());
            Allocation.assertNone("merge", () -> tokens.merge(merging, batch, patches, merged));
            Allocation.assertNone("mergeBackward", () -> tokens.mergeBackward(merging, batch, merged, patches));
            Allocation.assertNone("selectBackward", () -> tokens.selectBackward(out, 0, batch, one, x));
        }
    }

    private void compareGelu(TokenKernels kernels, FeatureShape shape, BatchLayout batch) {
        Random random = new Random(SEED);
        GuardedStorage x = TwinTensors.images(shape, batch, random, 0, 3, 1e30);
        GuardedStorage dy = TwinTensors.images(shape, batch, random, 0, 1, 0);
        GuardedStorage y = TwinTensors.activations(shape, batch);
        GuardedStorage dx = TwinTensors.activations(shape, batch);
        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        kernels.gelu(shape, batch, x.storage(), y.storage());
        twin.gelu(shape, batch, x.storage(), expected);
        TwinTensors.assertImages(y, expected, shape, batch, 3e-7, "gelu");
        kernels.geluBackward(shape, batch, x.storage(), dy.storage(), dx.storage());
        twin.geluBackward(shape, batch, x.storage(), dy.storage(), expected);
        TwinTensors.assertImages(dx, expected, shape, batch, 6e-7, "geluBackward");
        TwinTensors.assertPaddingZero(dx, shape, batch, "geluBackward");
        x.verify("x");
    }

    private void compareAddition(TokenKernels kernels, FeatureShape shape, BatchLayout batch) {
        Random random = new Random(SEED);
        GuardedStorage a = TwinTensors.images(shape, batch, random, 0, 3, 0);
        GuardedStorage b = TwinTensors.images(shape, batch, random, 0, 1, 0);
        GuardedStorage sum = TwinTensors.activations(shape, batch);
        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        kernels.add(shape, batch, a.storage(), b.storage(), sum.storage());
        twin.add(shape, batch, a.storage(), b.storage(), expected);
        TwinTensors.assertImages(sum, expected, shape, batch, 0, "add");
    }

    private void compareEmbedding(TokenKernels kernels, EmbeddingShape shape, BatchLayout batch) {
        Random random = new Random(SEED);
        int channels = shape.patches().channels();
        GuardedStorage x = TwinTensors.images(shape.patches(), batch, random, 0, 1, 0);
        GuardedStorage token = vector(channels).random(random, 0, 1);
        GuardedStorage position = vector(shape.positions()).random(random, 0, 1);
        GuardedStorage y = TwinTensors.activations(shape.output(), batch);
        Storage tokenIfAny = shape.classToken() ? token.storage() : null;
        kernels.embed(shape, batch, x.storage(), tokenIfAny, position.storage(), y.storage());
        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape.output()));
        twin.embed(shape, batch, x.storage(), tokenIfAny, position.storage(), expected);
        TwinTensors.assertImages(y, expected, shape.output(), batch, 0, "embed");

        GuardedStorage dy = TwinTensors.images(shape.output(), batch, random, 0, 1, 0);
        GuardedStorage dx = TwinTensors.activations(shape.patches(), batch);
        GuardedStorage dPosition = vector(shape.positions());
        kernels.embedBackward(shape, batch, dy.storage(), dx.storage(), tokenIfAny, dPosition.storage());
        Storage expectedDx = Storage.allocate(ElementType.FLOAT, batch.elements(shape.patches()));
        Storage expectedToken = Storage.allocate(ElementType.FLOAT, channels);
        Storage expectedPosition = Storage.allocate(ElementType.FLOAT, shape.positions());
        twin.embedBackward(shape, batch, dy.storage(), expectedDx, shape.classToken() ? expectedToken : null,
                expectedPosition);
        TwinTensors.assertImages(dx, expectedDx, shape.patches(), batch, 0, "embedBackward");
        TwinTensors.assertPaddingZero(dx, shape.patches(), batch, "embedBackward");
        TwinTensors.assertNumbers(dPosition, expectedPosition, 1e-5, "dPosition");
        if (shape.classToken()) {
            TwinTensors.assertNumbers(token, expectedToken, 1e-5, "dToken");
        }
    }

    private void compareSelection(TokenKernels kernels, FeatureShape shape, int token, BatchLayout batch) {
        Random random = new Random(SEED);
        FeatureShape one = FeatureShape.vector(shape.channels());
        GuardedStorage x = TwinTensors.images(shape, batch, random, 0, 1, 0);
        GuardedStorage y = TwinTensors.activations(one, batch);
        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(one));
        kernels.select(shape, token, batch, x.storage(), y.storage());
        twin.select(shape, token, batch, x.storage(), expected);
        TwinTensors.assertImages(y, expected, one, batch, 0, "select");
        GuardedStorage dx = TwinTensors.activations(shape, batch);
        Storage expectedDx = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        kernels.selectBackward(shape, token, batch, y.storage(), dx.storage());
        twin.selectBackward(shape, token, batch, y.storage(), expectedDx);
        TwinTensors.assertImages(dx, expectedDx, shape, batch, 0, "selectBackward");
        TwinTensors.assertPaddingZero(dx, shape, batch, "selectBackward");
    }

    /** Of twice as many rows and columns. */
    private void compareMerging(TokenKernels kernels, FeatureShape half, BatchLayout batch) {
        MergingShape shape =
                new MergingShape(new FeatureShape(half.channels(), 2 * half.height(), 2 * half.width()));
        Random random = new Random(SEED);
        GuardedStorage x = TwinTensors.images(shape.input(), batch, random, 0, 1, 0);
        GuardedStorage y = TwinTensors.activations(shape.output(), batch);
        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape.output()));
        kernels.merge(shape, batch, x.storage(), y.storage());
        twin.merge(shape, batch, x.storage(), expected);
        TwinTensors.assertImages(y, expected, shape.output(), batch, 0, "merge");
        GuardedStorage dx = TwinTensors.activations(shape.input(), batch);
        kernels.mergeBackward(shape, batch, y.storage(), dx.storage());
        TwinTensors.assertSame(dx, x, "mergeBackward of merge");
        dx.verify("mergeBackward");
        twin.mergeBackward(shape, batch, y.storage(), expected);
        TwinTensors.assertImages(dx, expected, shape.input(), batch, 0, "mergeBackward");
    }

    private static GuardedStorage vector(int size) {
        return GuardedStorage.misaligned(ElementType.FLOAT, size);
    }
}
