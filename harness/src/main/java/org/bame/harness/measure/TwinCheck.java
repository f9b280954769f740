package org.bame.harness.measure;

import java.lang.foreign.Arena;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.ElementType;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Product;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * What the scalar twin makes of a sample of a timed call's own operands, to hold the timed result against. The whole call
 * would take the twin minutes, but both kinds of sample are exact: the images of a batch do not meet in forward product
 * and input gradient, so the twin computes the first and the last image; a weight's gradient needs all images but only its own
 * output, so the twin computes those of the first and the last output. The multiply-accumulates that the kernel counted are
 * checked too.
 */
final class TwinCheck {

    /**
     * Largest deviation allowed, relative to the largest expected number. Sums of 32-bit numbers over a batch stay 20 times
     * below it; one pixel of one image left out of a gradient of 128 x 32 x 32 is 5 times above it.
     */
    static final double TOLERANCE = 1e-4;

    private final KernelShape shape;
    private final Support support;
    private final Product product;
    /** Sampled images, or outputs for the weight gradient. */
    private final int[] sample;
    private final Storage expected;
    private final long expectedMacs;

    private TwinCheck(KernelShape shape, Support support, Product product, Operands operands) {
        this.shape = shape;
        this.support = support;
        this.product = product;
        ConvolutionShape full = shape.shape();
        boolean byOutput = product == Product.WEIGHT_GRADIENT;
        int population = byOutput ? full.outputs() : shape.batch();
        this.sample = population == 1 ? new int[]{0} : new int[]{0, population - 1};
        BatchLayout batch = byOutput ? operands.batch() : BatchLayout.of(sample.length);
        ConvolutionShape reduced = byOutput ? withOutputs(full, sample.length) : full;
        try (Arena arena = Arena.ofConfined()) {
            ConvolutionKernel twin = KernelProviders.scalar().convolution(reduced, batch);
            this.expected = Storage.allocate(ElementType.FLOAT, expectedSize(reduced, batch));
            run(twin, operands, arena);
        }
        // One for each kept weight, output pixel and image: outputs of an unstructured mask do not cost alike.
        long weights = support instanceof Support.Masked masked ? masked.mask().count() : full.weights().size();
        this.expectedMacs = weights * full.output().pixels() * shape.batch();
    }

    private long expectedSize(ConvolutionShape reduced, BatchLayout batch) {
        return switch (product) {
            case FORWARD -> batch.elements(reduced.output());
            case INPUT_GRADIENT -> batch.elements(reduced.input());
            case WEIGHT_GRADIENT -> reduced.weights().size();
        };
    }

    private void run(ConvolutionKernel twin, Operands operands, Arena arena) {
        FeatureShape input = shape.shape().input();
        FeatureShape output = shape.shape().output();
        switch (product) {
            case FORWARD ->
                twin.forward(
                        support,
                        operands.weights(),
                        images(operands, operands.x(), input, twin.batch(), arena),
                        expected);
            case INPUT_GRADIENT ->
                twin.inputGradient(
                        support,
                        operands.weights(),
                        images(operands, operands.dy(), output, twin.batch(), arena),
                        expected);
            case WEIGHT_GRADIENT ->
                twin.weightGradient(
                        outputs(twin.shape().weights()),
                        operands.x(),
                        outputs(operands, output, twin.shape().output(), arena),
                        expected);
        }
    }

    static TwinCheck of(KernelShape shape, Support support, Product product, Operands operands) {
        return new TwinCheck(shape, support, product, operands);
    }

    /**
     * Holds a result against the twin's.
     *
     * @param name of the variant, for the message
     * @return largest deviation relative to the largest expected number
     * @throws KernelMismatchException if it is too large, or the kernel counted other multiply-accumulates
     */
    double verify(String name, Operands operands, long macs) {
        if (macs != expectedMacs) {
            throw mismatch(
                    name, macs + " multiply-accumulates", expectedMacs + ", one a kept weight, output pixel and image");
        }
        double relative = deviation(operands);
        // Written so that NaN fails.
        if (!(relative <= TOLERANCE)) {
            throw mismatch(
                    name,
                    "a deviation of " + relative + " of the largest number",
                    "at most " + TOLERANCE + " from the scalar twin's");
        }
        return relative;
    }

    /** Largest deviation of the operands' result from the twin's, relative to the largest expected number. */
    double deviation(Operands operands) {
        Storage actual = operands.result(product);
        double largest = 0;
        for (long i = 0; i < expected.size(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        double deviation = 0;
        int rowLength = shape.shape().weights().rowLength();
        for (int s = 0; s < sample.length; s++) {
            if (product == Product.WEIGHT_GRADIENT) {
                for (int i = 0; i < rowLength; i++) {
                    double got = actual.get((long) sample[s] * rowLength + i);
                    deviation = larger(deviation, got - expected.get((long) s * rowLength + i));
                }
            } else {
                deviation = image(operands.batch(), actual, s, deviation);
            }
        }
        return deviation / Math.max(largest, Double.MIN_NORMAL);
    }

    private double image(BatchLayout batch, Storage actual, int s, double soFar) {
        FeatureShape extents = product == Product.FORWARD ? shape.shape().output() : shape.shape().input();
        BatchLayout few = BatchLayout.of(sample.length);
        long from = batch.index(extents, sample[s], 0, 0, 0);
        long to = few.index(extents, s, 0, 0, 0);
        double deviation = soFar;
        for (long i = 0; i < extents.elementsPerImage(); i++) {
            deviation = larger(
                    deviation,
                    actual.get(from + i * batch.blockWidth()) - expected.get(to + i * few.blockWidth()));
        }
        return deviation;
    }

    /** NaN once found remains. */
    private static double larger(double deviation, double difference) {
        return Math.max(deviation, Math.abs(difference));
    }

    private KernelMismatchException mismatch(String name, String got, String expectation) {
        return new KernelMismatchException(name + ": got " + got + ", expected " + expectation
                + ". This kernel is wrong for this shape, so nothing was written of it; run the kernel"
                + " tests (mvn -pl bame-core test) and report the shape");
    }

    private Storage images(Operands operands, Storage all, FeatureShape extents, BatchLayout few, Arena arena) {
        Storage picked = Storage.allocate(arena, ElementType.FLOAT, few.elements(extents));
        for (int s = 0; s < sample.length; s++) {
            long from = operands.batch().index(extents, sample[s], 0, 0, 0);
            long to = few.index(extents, s, 0, 0, 0);
            for (long i = 0; i < extents.elementsPerImage(); i++) {
                picked.set(to + i * few.blockWidth(), all.get(from + i * operands.batch().blockWidth()));
            }
        }
        return picked;
    }

    private Storage outputs(Operands operands, FeatureShape all, FeatureShape few, Arena arena) {
        BatchLayout batch = operands.batch();
        Storage picked = Storage.allocate(arena, ElementType.FLOAT, batch.elements(few));
        long places = (long) batch.blocks() * all.pixels();
        for (long place = 0; place < places; place++) {
            for (int s = 0; s < sample.length; s++) {
                long from = (place * all.channels() + sample[s]) * batch.blockWidth();
                long to = (place * few.channels() + s) * batch.blockWidth();
                for (int lane = 0; lane < batch.blockWidth(); lane++) {
                    picked.set(to + lane, operands.dy().get(from + lane));
                }
            }
        }
        return picked;
    }

    private Support outputs(WeightShape few) {
        if (!(support instanceof Support.Masked masked)) {
            return Support.DENSE;
        }
        Mask picked = Mask.empty(few);
        for (int s = 0; s < sample.length; s++) {
            for (int i = 0; i < few.rowLength(); i++) {
                picked.set(s * few.rowLength() + i, masked.mask().get(sample[s] * few.rowLength() + i));
            }
        }
        return Support.of(picked);
    }

    private static ConvolutionShape withOutputs(ConvolutionShape full, int outputs) {
        return new ConvolutionShape(
                full.input(), outputs, full.kernelHeight(), full.kernelWidth(), full.stride(), full.padding());
    }
}
