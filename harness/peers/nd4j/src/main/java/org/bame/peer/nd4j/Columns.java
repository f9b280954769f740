package org.bame.peer.nd4j;

import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;

/**
 * A convolution's input as a matrix ("im2col"): for each output pixel of each image a column of the numbers that its window
 * covers, in the order of the weights {@code [input][row][column]}; zeros where it covers padding.
 */
final class Columns {

    private final ConvolutionShape shape;
    private final int batch;

    Columns(ConvolutionShape shape, int batch) {
        this.shape = shape;
        this.batch = batch;
    }

    /** Numbers of a column. */
    int taps() {
        return shape.weights().rowLength();
    }

    /** Columns: {@code [image][row][column]} of the output. */
    int positions() {
        return batch * shape.output().pixels();
    }

    /** The matrix of an input {@code [image][channel][row][column]}, column by column. */
    float[] gather(float[] input) {
        float[] matrix = new float[Math.multiplyExact(taps(), positions())];
        visit((place, pixel) -> matrix[place] = input[pixel]);
        return matrix;
    }

    /** Adds each number of such a matrix to the input that it belongs to. */
    float[] scatter(float[] matrix) {
        float[] input = new float[batch * shape.input().elementsPerImage()];
        visit((place, pixel) -> input[pixel] += matrix[place]);
        return input;
    }

    /** Turns {@code [image][channel][pixel]} into a matrix with a column of channels for each pixel. */
    static float[] pixelsToColumns(float[] images, int batch, FeatureShape extents) {
        float[] matrix = new float[images.length];
        int channels = extents.channels();
        int pixels = extents.pixels();
        for (int image = 0; image < batch; image++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int pixel = 0; pixel < pixels; pixel++) {
                    matrix[(image * pixels + pixel) * channels + channel] =
                            images[(image * channels + channel) * pixels + pixel];
                }
            }
        }
        return matrix;
    }

    /** The inverse. */
    static float[] columnsToPixels(float[] matrix, int batch, FeatureShape extents) {
        float[] images = new float[matrix.length];
        int channels = extents.channels();
        int pixels = extents.pixels();
        for (int image = 0; image < batch; image++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int pixel = 0; pixel < pixels; pixel++) {
                    images[(image * channels + channel) * pixels + pixel] =
                            matrix[(image * pixels + pixel) * channels + channel];
                }
            }
        }
        return images;
    }

    private interface Visitor {
        void visit(int place, int pixel);
    }

    private void visit(Visitor visitor) {
        FeatureShape input = shape.input();
        FeatureShape output = shape.output();
        int place = 0;
        for (int image = 0; image < batch; image++) {
            for (int row = 0; row < output.height(); row++) {
                for (int column = 0; column < output.width(); column++) {
                    for (int channel = 0; channel < input.channels(); channel++) {
                        int plane = (image * input.channels() + channel) * input.pixels();
                        for (int i = 0; i < shape.kernelHeight(); i++) {
                            int y = row * shape.stride() + i - shape.padding();
                            for (int j = 0; j < shape.kernelWidth(); j++, place++) {
                                int x = column * shape.stride() + j - shape.padding();
                                if (y >= 0 && y < input.height() && x >= 0 && x < input.width()) {
                                    visitor.visit(place, plane + y * input.width() + x);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
