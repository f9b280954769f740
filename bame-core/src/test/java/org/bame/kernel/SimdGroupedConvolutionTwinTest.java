package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIMD convolutions in groups and depthwise against the scalar twin. */
final class SimdGroupedConvolutionTwinTest {
    private static final long SEED = 20261125;

    private static final List<ConvolutionShape> DEPTHWISE = List.of(
            depthwise(new FeatureShape(2, 1, 1), 1, 1, 1, 0),
            depthwise(new FeatureShape(3, 5, 5), 1, 3, 1, 1),
            depthwise(new FeatureShape(5, 7, 9), 1, 3, 2, 1),
            depthwise(new FeatureShape(4, 8, 8), 3, 3, 2, 1),
            depthwise(new FeatureShape(33, 7, 7), 1, 3, 1, 1),
            depthwise(new FeatureShape(6, 9, 8), 2, 5, 1, 2),
            depthwise(new FeatureShape(7, 6, 6), 2, 1, 2, 0),
            depthwise(new FeatureShape(5, 4, 4), 1, 4, 3, 2),
            depthwise(new FeatureShape(2, 3, 3), 1, 3, 1, 0),
            depthwise(new FeatureShape(3, 2, 2), 1, 3, 1, 2),
            depthwise(new FeatureShape(3, 40, 3), 1, 7, 1, 3),
            new ConvolutionShape(new FeatureShape(5, 6, 4), 5, 3, 1, 1, 1, 5),
            // More channels than a task takes.
            depthwise(new FeatureShape(23, 60, 5), 1, 3, 1, 1));

    private static final List<ConvolutionShape> GROUPED = List.of(
            ConvolutionShape.square(new FeatureShape(4, 5, 5), 6, 3, 1, 1).inGroups(2),
            ConvolutionShape.square(new FeatureShape(15, 4, 6), 10, 3, 2, 1).inGroups(5),
            ConvolutionShape.square(new FeatureShape(32, 6, 6), 32, 3, 1, 1).inGroups(8),
            ConvolutionShape.square(new FeatureShape(48, 3, 3), 32, 1, 1, 0).inGroups(2),
            ConvolutionShape.linear(12, 9).inGroups(3));

    private static final List<BatchLayout> BATCHES = List.of(
            BatchLayout.of(1),
            BatchLayout.of(15),
            BatchLayout.of(16),
            BatchLayout.of(17),
            BatchLayout.of(33),
            new BatchLayout(33, 16),
            new BatchLayout(65, 64),
            new BatchLayout(48, 48));

    private static ConvolutionShape depthwise(
            FeatureShape input, int multiplier, int kernel, int stride, int padding) {
        return ConvolutionShape.square(input, multiplier * input.channels(), kernel, stride, padding)
                .inGroups(input.channels());
    }

    @Test
    void depthwiseAgreesOnAwkwardShapes() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                for (ConvolutionShape shape : DEPTHWISE) {
                    for (BatchLayout batch : BATCHES) {
                        ConvolutionTwinTest.compare(kernels, shape, batch, SupportKind.DENSE, SEED);
                    }
                }
            }
        }
    }

    @Test
    void groupsAgreeOnAwkwardShapes() {
        SupportKind[] supports = SupportKind.values();
        try (Kernels kernels = new SimdKernels(2, "test")) {
            int next = 0;
            for (ConvolutionShape shape : GROUPED) {
                for (BatchLayout batch : BATCHES) {
                    ConvolutionTwinTest.compare(kernels, shape, batch, supports[next++ % supports.length], SEED + next);
                    ConvolutionTwinTest.compare(kernels, shape, batch, supports[next++ % supports.length], SEED + next);
                }
            }
        }
    }

    @Test
    void agreesOnRandomShapes() {
        Random random = new Random(SEED);
        try (Kernels kernels = new SimdKernels(2, "test")) {
            for (int i = 0; i < 60; i++) {
                int kernelHeight = 1 + random.nextInt(5);
                int kernelWidth = 1 + random.nextInt(5);
                int groups = 2 + random.nextInt(12);
                boolean depthwise = random.nextBoolean();
                FeatureShape input = new FeatureShape(groups * (depthwise ? 1 : 1 + random.nextInt(6)),
                        kernelHeight + random.nextInt(7), kernelWidth + random.nextInt(7));
                ConvolutionShape shape = new ConvolutionShape(input, groups * (1 + random.nextInt(4)), kernelHeight,
                        kernelWidth, 1 + random.nextInt(3), random.nextInt(3), groups);
                int images = 1 + random.nextInt(70);
                BatchLayout batch = random.nextBoolean()
                        ? BatchLayout.of(images)
                        : new BatchLayout(images, BatchLayout.WIDTH_UNIT * (1 + random.nextInt(4)));
                SupportKind support = shape.depthwise()
                        ? SupportKind.DENSE
                        : SupportKind.values()[random.nextInt(SupportKind.values().length)];
                ConvolutionTwinTest.compare(kernels, shape, batch, support, random.nextInt());
            }
        }
    }

    @Test
    void groupsFollowAChangingMask() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(16, 6, 6), 12, 3, 1, 1).inGroups(4);
        BatchLayout batch = BatchLayout.of(20);
        Random random = new Random(SEED);
        Mask mask = Mask.empty(shape.weights());
        Support support = Support.of(mask);
        try (Kernels kernels = new SimdKernels(2, "test")) {
            ConvolutionKernel kernel = kernels.convolution(shape, batch);
            for (int step = 0; step < 3; step++) {
                mask.assign(((Support.Masked) SupportKind.NM_2_4.make(shape.weights(), random)).mask());
                ConvolutionTwinTest.compare(kernel, shape, batch, support, "step " + step, random);
            }
            mask.set(mask.nextKept(0, shape.weights().size()), false);
            ConvolutionTwinTest.compare(kernel, shape, batch, support, "one weight less", random);
            ConvolutionTwinTest.compare(kernel, shape, batch, Support.DENSE, "dense after sparse", random);
            Support other = SupportKind.NM_1_4.make(shape.weights(), random);
            ConvolutionTwinTest.compare(kernel, shape, batch, other, "another mask", random);
            ConvolutionTwinTest.compare(kernel, shape, batch, support, "the first mask again", random);
        }
    }

    @Test
    void threadsChangeNoBit() {
        BatchLayout batch = BatchLayout.of(70);
        for (ConvolutionShape shape : List.of(
                depthwise(new FeatureShape(24, 9, 7), 2, 3, 2, 1),
                ConvolutionShape.square(new FeatureShape(24, 9, 7), 36, 3, 1, 1).inGroups(6))) {
            Storage[] expected = null;
            for (int threads = 1; threads <= 4; threads++) {
                Random random = new Random(SEED);
                Storage w = ConvolutionTwinTest.weights(shape).random(random, 0, 1).storage();
                Storage x = ConvolutionTwinTest.activations(batch, shape.input()).random(random, 0, 1).storage();
                Storage dy = ConvolutionTwinTest.activations(batch, shape.output()).random(random, 0, 1).storage();
                ConvolutionTwinTest.clearPadding(dy, batch, shape.output());
                Storage[] results = {
                    ConvolutionTwinTest.activations(batch, shape.output()).storage(),
                    ConvolutionTwinTest.activations(batch, shape.input()).storage(),
                    ConvolutionTwinTest.weights(shape).storage()
                };
                try (Kernels kernels = new SimdKernels(threads, "test")) {
                    ConvolutionKernel kernel = kernels.convolution(shape, batch);
                    kernel.forward(Support.DENSE, w, x, results[0]);
                    kernel.inputGradient(Support.DENSE, w, dy, results[1]);
                    kernel.weightGradient(Support.DENSE, x, dy, results[2]);
                }
                expected = expected == null ? results : expected;
                for (int product = 0; product < 3; product++) {
                    assertThat(results[product].segment().mismatch(expected[product].segment()))
                            .as("%s of %s with %d threads against 1", Product.values()[product], shape, threads)
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        ConvolutionShape depthwise = depthwise(new FeatureShape(12, 9, 9), 1, 3, 2, 1);
        ConvolutionShape grouped = ConvolutionShape.square(new FeatureShape(12, 9, 9), 12, 3, 2, 1).inGroups(3);
        try (Kernels kernels = new SimdKernels(2, "test")) {
            for (BatchLayout batch : List.of(new BatchLayout(40, 32), new BatchLayout(20, 16))) {
                for (ConvolutionShape shape : List.of(depthwise, grouped)) {
                    Random random = new Random(SEED);
                    ConvolutionKernel kernel = kernels.convolution(shape, batch);
                    Storage w = ConvolutionTwinTest.weights(shape).random(random, 0, 1).storage();
                    Storage dw = ConvolutionTwinTest.weights(shape).storage();
                    Storage x = ConvolutionTwinTest.activations(batch, shape.input()).random(random, 0, 1).storage();
                    Storage y = ConvolutionTwinTest.activations(batch, shape.output()).random(random, 0, 1).storage();
                    Allocation.assertNone(batch + " " + shape, () -> {
                        kernel.forward(Support.DENSE, w, x, y);
                        kernel.inputGradient(Support.DENSE, w, y, x);
                        kernel.weightGradient(Support.DENSE, x, y, dw);
                    });
                }
            }
        }
    }

    @Test
    void refusesWrongArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConvolutionShape.linear(6, 4).inGroups(3))
                .withMessageContaining("3 groups for 6 inputs and 4 outputs");
        ConvolutionShape shape = depthwise(new FeatureShape(4, 5, 5), 1, 3, 1, 1);
        BatchLayout batch = BatchLayout.of(3);
        Storage w = ConvolutionTwinTest.weights(shape).storage();
        Storage x = ConvolutionTwinTest.activations(batch, shape.input()).storage();
        try (Kernels kernels = new SimdKernels(1, "test")) {
            ConvolutionKernel kernel = kernels.convolution(shape, batch);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(Support.DENSE, w, w, x))
                    .withMessageContaining("x has 36 elements, expected 1600");
            Mask mask = Mask.full(shape.weights());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(Support.of(mask), w, x, x))
                    .withMessageContaining("LayerKind.DEPTHWISE");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.prepare(Product.FORWARD, Support.of(mask)))
                    .withMessageContaining("LayerKind.DEPTHWISE");
        }
    }
}
