package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The scatter of row-grouped masks against the scalar twin, below the number of rows for which it is chosen too. */
final class SimdGroupScatterTwinTest {
    private static final long SEED = 20260311;

    private static final List<ConvolutionShape> SHAPES = List.of(
            ConvolutionShape.square(new FeatureShape(1, 1, 1), 1, 1, 1, 0),
            ConvolutionShape.square(new FeatureShape(1, 5, 5), 3, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(16, 8, 8), 16, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(5, 6, 11), 34, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(6, 7, 7), 9, 3, 2, 1),
            ConvolutionShape.square(new FeatureShape(6, 8, 12), 7, 3, 2, 0),
            ConvolutionShape.square(new FeatureShape(8, 5, 7), 9, 1, 2, 0),
            ConvolutionShape.square(new FeatureShape(4, 3, 4), 6, 1, 1, 2),
            ConvolutionShape.square(new FeatureShape(4, 8, 8), 5, 5, 2, 2),
            ConvolutionShape.square(new FeatureShape(3, 16, 14), 6, 7, 1, 3),
            ConvolutionShape.square(new FeatureShape(2, 11, 9), 6, 3, 4, 0),
            ConvolutionShape.square(new FeatureShape(33, 5, 7), 17, 1, 1, 0),
            ConvolutionShape.square(new FeatureShape(230, 3, 8), 13, 3, 1, 1),
            new ConvolutionShape(new FeatureShape(5, 9, 4), 7, 3, 1, 1, 1),
            new ConvolutionShape(new FeatureShape(5, 6, 4), 7, 1, 4, 2, 1),
            ConvolutionShape.linear(700, 10),
            ConvolutionShape.linear(10, 7));

    private static final List<BatchLayout> BATCHES = List.of(BatchLayout.of(1), BatchLayout.of(16), BatchLayout.of(33),
            new BatchLayout(33, 16), new BatchLayout(48, 48));

    private enum Kind {
        EMPTY, FULL, QUARTER, EIGHTS;

        Support make(WeightShape shape, Random random) {
            return switch (this) {
                case EMPTY -> Support.of(Mask.empty(shape, TapLists.GROUP));
                case FULL -> Support.of(Mask.full(shape, TapLists.GROUP));
                case QUARTER -> SupportKind.NM_1_4_G4.make(shape, random);
                case EIGHTS -> SupportKind.NM_1_4_G8.make(shape, random);
            };
        }
    }

    @Test
    void agreesOnAwkwardShapes() {
        int next = 0;
        try (WorkerPool pool = new WorkerPool(2)) {
            for (ConvolutionShape shape : SHAPES) {
                for (BatchLayout batch : BATCHES) {
                    for (boolean add : new boolean[]{false, true}) {
                        Kind kind = Kind.values()[next % Kind.values().length];
                        compare(pool, shape, batch, kind, add, new Random(SEED + next));
                        compare(pool, shape, batch, Kind.QUARTER, add, new Random(SEED - next));
                        next += 3;
                    }
                }
            }
        }
    }

    @Test
    void agreesOnRandomShapes() {
        Random random = new Random(SEED);
        try (WorkerPool pool = new WorkerPool(2)) {
            for (int i = 0; i < 80; i++) {
                int height = 1 + random.nextInt(4);
                int width = 1 + random.nextInt(4);
                FeatureShape input = new FeatureShape(
                        1 + random.nextInt(40), height + random.nextInt(14), width + random.nextInt(14));
                ConvolutionShape shape = new ConvolutionShape(input, 1 + random.nextInt(40), height, width,
                        1 + random.nextInt(3), random.nextInt(3));
                BatchLayout batch = new BatchLayout(
                        1 + random.nextInt(40), BatchLayout.WIDTH_UNIT * (1 + random.nextInt(4)));
                Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
                compare(pool, shape, batch, kind, random.nextBoolean(), random);
            }
        }
    }

    /** The first call leaves no sums behind for the second, which follows a new mask. */
    private static void compare(
            WorkerPool pool, ConvolutionShape shape, BatchLayout batch, Kind kind, boolean add, Random random) {
        Correlation columns = Correlation.forward(shape);
        compare(columns, pool, shape, batch, kind, add, random);
        // Other tiles, so that both are worth a look; the kernel takes these.
        compare(columns.withLongLines(), pool, shape, batch, kind, add, random);
    }

    private static void compare(Correlation gather, WorkerPool pool, ConvolutionShape shape, BatchLayout batch,
            Kind kind, boolean add, Random random) {
        GroupScatter scatter = scatter(gather, shape, batch, pool);
        ScalarConvolution twin = new ScalarConvolution(shape, batch);
        GuardedStorage w = ConvolutionTwinTest.weights(shape).random(random, 0, 1);
        GuardedStorage dy = ConvolutionTwinTest.activations(batch, shape.output()).random(random, 0.1, 1);
        for (int call = 0; call < 2; call++) {
            String message = shape + " " + batch + " " + kind + (add ? " added" : "") + ", call " + call;
            Support support = kind.make(shape.weights(), random);
            GuardedStorage dx = ConvolutionTwinTest.activations(batch, shape.input());
            if (add) {
                dx.random(random, 0, 1);
            }
            Storage expected = copy(dx.storage());
            Storage bound = absolute(dx.storage());
            scatter.run(support, w.storage(), dy.storage(), dx.storage(), add);
            twin.inputGradient(support, w.storage(), dy.storage(), expected, add);
            twin.inputGradient(support, absolute(w.storage()), absolute(dy.storage()), bound, add);
            ConvolutionTwinTest.compareImages("dx of " + message, dx, expected, bound, batch, shape.input());
            w.verify("weights of " + message);
            dy.verify("dy of " + message);
        }
    }

    @Test
    void threadsChangeNoBit() {
        for (ConvolutionShape shape : List.of(SHAPES.get(3), SHAPES.get(4), SHAPES.get(11))) {
            BatchLayout batch = BatchLayout.of(40);
            Storage expected = null;
            for (int threads = 1; threads <= 4; threads++) {
                Random random = new Random(SEED);
                Support support = Kind.QUARTER.make(shape.weights(), random);
                Storage w = ConvolutionTwinTest.weights(shape).random(random, 0, 1).storage();
                Storage dy = ConvolutionTwinTest.activations(batch, shape.output()).random(random, 0, 1).storage();
                Storage dx = Storage.allocate(ElementType.FLOAT, batch.elements(shape.input()));
                try (WorkerPool pool = new WorkerPool(threads)) {
                    scatter(shape, batch, pool).run(support, w, dy, dx, false);
                }
                expected = expected == null ? dx : expected;
                assertThat(dx.segment().mismatch(expected.segment()))
                        .as("%s with %d threads against 1", shape, threads)
                        .isEqualTo(-1);
            }
        }
    }

    /** The kernel chooses the scatter from {@link GroupScatter#FEWEST_ROWS} rows on: its result has the same bits. */
    @Test
    void isTheInputGradientOfManyRows() {
        for (ConvolutionShape shape : List.of(
                ConvolutionShape.square(new FeatureShape(24, 9, 7), GroupScatter.FEWEST_ROWS, 3, 2, 1),
                ConvolutionShape.square(new FeatureShape(5, 6, 11), GroupScatter.FEWEST_ROWS + 2, 3, 1, 1),
                ConvolutionShape.square(new FeatureShape(16, 6, 9), 128, 1, 1, 0))) {
            assertThat(GroupScatter.pays(shape.weights())).isTrue();
            isTheInputGradient(shape);
        }
    }

    private static void isTheInputGradient(ConvolutionShape shape) {
        BatchLayout batch = BatchLayout.of(20);
        Random random = new Random(SEED);
        Support support = Kind.QUARTER.make(shape.weights(), random);
        Storage w = ConvolutionTwinTest.weights(shape).random(random, 0, 1).storage();
        Storage dy = ConvolutionTwinTest.activations(batch, shape.output()).random(random, 0, 1).storage();
        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape.input()));
        Storage dx = Storage.allocate(ElementType.FLOAT, batch.elements(shape.input()));
        try (Kernels kernels = new SimdKernels(2, "test"); WorkerPool pool = new WorkerPool(1)) {
            scatter(shape, batch, pool).run(support, w, dy, expected, false);
            ConvolutionKernel kernel = kernels.convolution(shape, batch);
            kernel.prepare(Product.INPUT_GRADIENT, support);
            kernel.inputGradient(support, w, dy, dx);
        }
        assertThat(dx.segment().mismatch(expected.segment())).isEqualTo(-1);
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        try (Kernels kernels = new SimdKernels(2, "test")) {
            for (BatchLayout batch : List.of(new BatchLayout(40, 32), new BatchLayout(20, 16))) {
                ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(16, 9, 9), 36, 3, 2, 1);
                Random random = new Random(SEED);
                Mask changing = Mask.full(shape.weights(), TapLists.GROUP);
                Support support = Support.of(changing);
                Mask[] masks = {((Support.Masked) Kind.QUARTER.make(shape.weights(), random)).mask(), changing.copy()};
                ConvolutionKernel kernel = kernels.convolution(shape, batch);
                Storage w = ConvolutionTwinTest.weights(shape).random(random, 0, 1).storage();
                Storage x = ConvolutionTwinTest.activations(batch, shape.input()).random(random, 0, 1).storage();
                Storage dy = ConvolutionTwinTest.activations(batch, shape.output()).random(random, 0, 1).storage();
                int[] next = {0};
                Allocation.assertNone(batch.toString(), () -> {
                    changing.assign(masks[next[0]++ % 2]);
                    kernel.inputGradient(support, w, dy, x);
                });
            }
        }
    }

    /** As the kernel makes it. */
    private static GroupScatter scatter(ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        return scatter(Correlation.forward(shape).withLongLines(), shape, batch, pool);
    }

    private static GroupScatter scatter(
            Correlation gather, ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        return new GroupScatter(gather, shape.weights(),
                new GatherAddresses(gather, shape.input(), shape.output(), batch), batch, pool);
    }

    private static Storage copy(Storage storage) {
        Storage copy = Storage.allocate(storage.type(), storage.size());
        copy.segment().copyFrom(storage.segment());
        return copy;
    }

    private static Storage absolute(Storage storage) {
        Storage absolute = Storage.allocate(storage.type(), storage.size());
        for (long i = 0; i < storage.size(); i++) {
            absolute.set(i, Math.abs(storage.get(i)));
        }
        return absolute;
    }
}
