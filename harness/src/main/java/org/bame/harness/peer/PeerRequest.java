package org.bame.harness.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bame.harness.config.LineFields;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;

/** What a peer is asked for: a line of fields with tabs between them. A prepared work is known by a number from then on. */
public sealed interface PeerRequest {

    /**
     * Prepare a product of a convolution.
     *
     * @param product which
     * @param shape extents
     * @param batch images
     * @param folder of the operands, see {@link PeerFiles}
     */
    record Convolve(Product product, ConvolutionShape shape, int batch, Path folder) implements PeerRequest {
        @Override
        public String line() {
            FeatureShape input = shape.input();
            return join(
                    "convolve",
                    product.name().toLowerCase(Locale.ROOT),
                    input.channels(),
                    input.height(),
                    input.width(),
                    shape.outputs(),
                    shape.kernelHeight(),
                    shape.kernelWidth(),
                    shape.stride(),
                    shape.padding(),
                    batch,
                    folder);
        }
    }

    /**
     * Prepare the training of a network on one batch by stochastic gradient descent.
     *
     * @param batch images
     * @param learningRate of every step
     * @param momentum of the optimizer
     * @param weightDecay of the weights of convolutions and linear layers
     * @param folder of the plan, the initial parameters and the batch, see {@link PeerFiles}
     */
    record Train(int batch, double learningRate, double momentum, double weightDecay, Path folder)
            implements
                PeerRequest {
        @Override
        public String line() {
            return join("train", batch, learningRate, momentum, weightDecay, folder);
        }
    }

    /**
     * Do prepared works in turn, and answer with the time of each. A round of short works is one request: between two, the threads
     * of the library would lose their processors to ours.
     *
     * @param untimed rounds before, which wake the threads
     * @param rounds in which each is timed once
     * @param works their numbers
     */
    record Time(int untimed, int rounds, List<Integer> works) implements PeerRequest {

        /** Takes an unmodifiable copy. */
        public Time {
            works = List.copyOf(works);
        }

        @Override
        public String line() {
            return join("time", untimed, rounds, works.stream().map(String::valueOf).collect(Collectors.joining("\t")));
        }
    }

    /**
     * Write what a work came to.
     *
     * @param work its number
     * @param file to write
     */
    record Result(int work, Path file) implements PeerRequest {
        @Override
        public String line() {
            return join("result", work, file);
        }
    }

    /**
     * Free a prepared work.
     *
     * @param work its number
     */
    record Release(int work) implements PeerRequest {
        @Override
        public String line() {
            return join("release", work);
        }
    }

    /** The request as it is sent. */
    String line();

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is no request; the message quotes it
     */
    static PeerRequest parse(String line) {
        LineFields fields = new LineFields(line, "\t");
        PeerRequest request = switch (fields.text()) {
            case "convolve" ->
                new Convolve(
                        fields.constant(Product.class),
                        new ConvolutionShape(
                                extents(fields),
                                fields.integer(),
                                fields.integer(),
                                fields.integer(),
                                fields.integer(),
                                fields.integer()),
                        fields.integer(),
                        Path.of(fields.text()));
            case "train" ->
                new Train(
                        fields.integer(), fields.number(), fields.number(), fields.number(), Path.of(fields.text()));
            case "time" -> new Time(fields.integer(), fields.integer(), works(fields));
            case "result" -> new Result(fields.integer(), Path.of(fields.text()));
            case "release" -> new Release(fields.integer());
            default -> throw fields.bad("convolve, train, time, result or release");
        };
        fields.end();
        return request;
    }

    private static List<Integer> works(LineFields fields) {
        List<Integer> works = new ArrayList<>(List.of(fields.integer()));
        while (fields.hasNext()) {
            works.add(fields.integer());
        }
        return works;
    }

    private static FeatureShape extents(LineFields fields) {
        return new FeatureShape(fields.integer(), fields.integer(), fields.integer());
    }

    private static String join(Object... fields) {
        return Stream.of(fields).map(Object::toString).collect(Collectors.joining("\t"));
    }
}
