package org.bame.peer.nd4j;

import java.io.IOException;
import java.nio.file.Path;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerWork;
import org.bame.kernel.ConvolutionShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A product as one matrix product of ND4J. Only this is timed: neither the unfolding of the input into a matrix beforehand, which
 * a convolution by ND4J has to pay for, nor the folding of an input gradient behind it.
 */
final class Nd4jProduct implements PeerWork {

    private final PeerRequest.Convolve request;
    private final Columns columns;
    /** {@code [tap, output]}, a column an output. */
    private final INDArray weights;
    /** {@code [tap, position]}, a column a position. */
    private final INDArray x;
    /** {@code [output, position]}, a column a position. */
    private final INDArray y;

    Nd4jProduct(PeerRequest.Convolve request) throws IOException {
        this.request = request;
        ConvolutionShape shape = request.shape();
        this.columns = new Columns(shape, request.batch());
        int taps = columns.taps();
        int positions = columns.positions();
        int outputs = shape.outputs();
        Path folder = request.folder();
        this.weights = switch (request.product()) {
            case FORWARD, INPUT_GRADIENT ->
                matrix(PeerFiles.read(folder.resolve(PeerFiles.WEIGHTS), shape.weights().size()), taps, outputs);
            case WEIGHT_GRADIENT -> Nd4j.create(new long[]{taps, outputs}, 'f');
        };
        this.x = switch (request.product()) {
            case FORWARD, WEIGHT_GRADIENT ->
                matrix(columns.gather(activations(PeerFiles.X, shape.input().elementsPerImage())), taps, positions);
            case INPUT_GRADIENT -> Nd4j.create(new long[]{taps, positions}, 'f');
        };
        this.y = switch (request.product()) {
            case INPUT_GRADIENT, WEIGHT_GRADIENT ->
                matrix(
                        Columns.pixelsToColumns(
                                activations(PeerFiles.DY, shape.output().elementsPerImage()),
                                request.batch(),
                                shape.output()),
                        outputs,
                        positions);
            case FORWARD -> Nd4j.create(new long[]{outputs, positions}, 'f');
        };
    }

    private float[] activations(String file, int perImage) throws IOException {
        return PeerFiles.read(request.folder().resolve(file), (long) request.batch() * perImage);
    }

    private static INDArray matrix(float[] columns, int rows, int count) {
        return Nd4j.create(columns, new long[]{rows, count}, 'f');
    }

    @Override
    public long parameters() {
        return request.shape().weights().size();
    }

    @Override
    public void run() {
        switch (request.product()) {
            case FORWARD -> Nd4j.gemm(weights, x, y, true, false, 1, 0);
            case INPUT_GRADIENT -> Nd4j.gemm(weights, y, x, false, false, 1, 0);
            case WEIGHT_GRADIENT -> Nd4j.gemm(x, y, weights, false, true, 1, 0);
        }
    }

    @Override
    public float[] result() {
        return switch (request.product()) {
            case FORWARD -> Columns.columnsToPixels(numbers(y), request.batch(), request.shape().output());
            case INPUT_GRADIENT -> columns.scatter(numbers(x));
            case WEIGHT_GRADIENT -> numbers(weights);
        };
    }

    private static float[] numbers(INDArray matrix) {
        return matrix.data().asFloat();
    }

    @Override
    public void close() {
        weights.close();
        x.close();
        y.close();
    }
}
