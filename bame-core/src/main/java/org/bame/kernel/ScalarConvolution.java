package org.bame.kernel;

import java.util.Arrays;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * The three products as one loop nest over [image][output][pixel][tap][input], summed in double precision: the
 * reference that every other kernel is held against, so it stays plain. Takes both element types. Padding lanes of
 * activations that it writes become 0.
 */
final class ScalarConvolution implements ConvolutionKernel {
    private final ConvolutionShape shape;
    private final BatchLayout batch;
    private final FeatureShape input;
    private final FeatureShape output;
    private final WeightShape weightShape;

    /** Whether a weight is in the support, its value and its gradient: {@code [output][row][column][input]}. */
    private final boolean[] kept;
    private final double[] weight;
    private final double[] weightGradient;

    /** One image of the input (or its gradient) and of the output (or its gradient): {@code [pixel][channel]}. */
    private final double[] inputImage;
    private final double[] outputImage;

    ScalarConvolution(ConvolutionShape shape, BatchLayout batch) {
        this.shape = shape;
        this.batch = batch;
        this.input = shape.input();
        this.output = shape.output();
        this.weightShape = shape.weights();
        this.kept = new boolean[weightShape.size()];
        this.weight = new double[weightShape.size()];
        this.weightGradient = new double[weightShape.size()];
        this.inputImage = new double[input.elementsPerImage()];
        this.outputImage = new double[output.elementsPerImage()];
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
    }

    @Override
    public long forward(Support support, Storage weights, Storage x, Storage y, Epilogue epilogue) {
        check(support, "weights", weights, "x", x, "y", y);
        readSupport(support);
        readWeights(weights);
        y.fill(0);
        long macs = 0;
        for (int image = 0; image < batch.images(); image++) {
            readImage(x, input, image, inputImage);
            Arrays.fill(outputImage, 0);
            macs += product(Product.FORWARD);
            writeImage(outputImage, y, output, image);
        }
        finish(epilogue, y);
        return macs;
    }

    @Override
    public long inputGradient(Support support, Storage weights, Storage dy, Storage dx, boolean add) {
        check(support, "weights", weights, "dx", dx, "dy", dy);
        readSupport(support);
        readWeights(weights);
        if (!add) {
            dx.fill(0);
        }
        long macs = 0;
        for (int image = 0; image < batch.images(); image++) {
            readImage(dy, output, image, outputImage);
            readImage(dx, input, image, inputImage);
            macs += product(Product.INPUT_GRADIENT);
            writeImage(inputImage, dx, input, image);
        }
        return macs;
    }

    @Override
    public long weightGradient(Support support, Storage x, Storage dy, Storage dw) {
        check(support, "dw", dw, "x", x, "dy", dy);
        readSupport(support);
        Arrays.fill(weightGradient, 0);
        long macs = 0;
        for (int image = 0; image < batch.images(); image++) {
            readImage(x, input, image, inputImage);
            readImage(dy, output, image, outputImage);
            macs += product(Product.WEIGHT_GRADIENT);
        }
        for (int i = 0; i < weightGradient.length; i++) {
            dw.set(i, weightGradient[i]);
        }
        return macs;
    }

    /** A block is one stretch here. */
    private void finish(Epilogue epilogue, Storage y) {
        if (epilogue != null) {
            epilogue.begin(y, 1);
            for (int block = 0; block < batch.blocks(); block++) {
                epilogue.stretch(block, 0, 0, 1, output.pixels(), 0, batch.blockWidth(), 0, output.channels(), 0);
            }
        }
    }

    /** One product of one image: visits every output number and every tap; counts as {@link ConvolutionKernel} says. */
    private long product(Product product) {
        long macs = 0;
        for (int o = 0; o < shape.outputs(); o++) {
            for (int column = 0; column < output.width(); column++) {
                for (int row = 0; row < output.height(); row++) {
                    int out = (column * output.height() + row) * shape.outputs() + o;
                    for (int kernelRow = 0; kernelRow < shape.kernelHeight(); kernelRow++) {
                        for (int kernelColumn = 0; kernelColumn < shape.kernelWidth(); kernelColumn++) {
                            int inRow = row * shape.stride() - shape.padding() + kernelRow;
                            int inColumn = column * shape.stride() - shape.padding() + kernelColumn;
                            int w = weightShape.index(o, kernelRow, kernelColumn, 0);
                            macs += keptFrom(w);
                            if (inRow < 0 || inRow >= input.height() || inColumn < 0 || inColumn >= input.width()) {
                                continue;
                            }
                            tap(product, w, (inColumn * input.height() + inRow) * input.channels() + firstInput(o),
                                    out);
                        }
                    }
                }
            }
        }
        return macs;
    }

    /** First input channel of an output's group. */
    private int firstInput(int output) {
        return output / (shape.outputs() / shape.groups()) * weightShape.inputs();
    }

    /** The kept weights of one tap: {@code w} and {@code in} are the positions of the group's first input channel. */
    private void tap(Product product, int w, int in, int out) {
        for (int i = 0; i < weightShape.inputs(); i++) {
            if (!kept[w + i]) {
                continue;
            }
            switch (product) {
                case FORWARD -> outputImage[out] += weight[w + i] * inputImage[in + i];
                case INPUT_GRADIENT -> inputImage[in + i] += weight[w + i] * outputImage[out];
                case WEIGHT_GRADIENT -> weightGradient[w + i] += outputImage[out] * inputImage[in + i];
            }
        }
    }

    private int keptFrom(int w) {
        int count = 0;
        for (int i = 0; i < weightShape.inputs(); i++) {
            count += kept[w + i] ? 1 : 0;
        }
        return count;
    }

    private void check(
            Support support,
            String weightName,
            Storage weights,
            String inputName,
            Storage x,
            String outputName,
            Storage y) {
        Checks.support(support, weightShape);
        ElementType type = Checks.type(inputName, x);
        Checks.storage(weightName, weights, type, weightShape.size());
        Checks.activations(inputName, x, type, batch, input);
        Checks.activations(outputName, y, type, batch, output);
    }

    private void readSupport(Support support) {
        switch (support) {
            case Support.Dense() -> Arrays.fill(kept, true);
            case Support.Masked(Mask mask) -> {
                for (int i = 0; i < kept.length; i++) {
                    kept[i] = mask.get(i);
                }
            }
        }
    }

    private void readWeights(Storage weights) {
        for (int i = 0; i < weight.length; i++) {
            weight[i] = weights.get(i);
        }
    }

    private void readImage(Storage from, FeatureShape extents, int image, double[] to) {
        long first = batch.index(extents, image, 0, 0, 0);
        for (int i = 0; i < to.length; i++) {
            to[i] = from.get(first + (long) i * batch.blockWidth());
        }
    }

    private void writeImage(double[] from, Storage to, FeatureShape extents, int image) {
        long first = batch.index(extents, image, 0, 0, 0);
        for (int i = 0; i < from.length; i++) {
            to.set(first + (long) i * batch.blockWidth(), from[i]);
        }
    }
}
