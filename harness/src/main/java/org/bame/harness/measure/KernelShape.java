package org.bame.harness.measure;

import java.util.Locale;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.SparsityPattern;

/**
 * A product's extents.
 *
 * @param shape of the convolution; a linear layer is a 1x1 convolution whose pixels are tokens
 * @param batch images
 * @param layers of the network that have it
 */
public record KernelShape(ConvolutionShape shape, int batch, int layers) {

    /** Checks the counts. */
    public KernelShape {
        if (batch < 1 || layers < 1) {
            throw new IllegalArgumentException(
                    "Got a batch of " + batch + " and " + layers + " layers, expected at least 1 of each");
        }
    }

    /** A shape on its own. */
    public KernelShape(ConvolutionShape shape, int batch) {
        this(shape, batch, 1);
    }

    /** The same shape for one more lot of layers. */
    KernelShape plus(KernelShape same) {
        return new KernelShape(shape, batch, layers + same.layers);
    }

    /** Column {@code shape}: {@code 3x3 64->128 16x16 s2 p1 b128}. */
    public String name() {
        FeatureShape input = shape.input();
        return String.format(
                Locale.ROOT,
                "%dx%d %d->%d %dx%d s%d p%d b%d",
                shape.kernelHeight(),
                shape.kernelWidth(),
                input.channels(),
                shape.outputs(),
                input.height(),
                input.width(),
                shape.stride(),
                shape.padding(),
                batch);
    }

    /** Whether the weights can follow the pattern. */
    public boolean takes(SparsityPattern pattern) {
        return pattern.fit(shape.weights()).sparse();
    }
}
