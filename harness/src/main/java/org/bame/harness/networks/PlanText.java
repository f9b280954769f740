package org.bame.harness.networks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bame.harness.config.LineFields;
import org.bame.harness.networks.NetworkNode.AveragePool;
import org.bame.harness.networks.NetworkNode.Convolution;
import org.bame.harness.networks.NetworkNode.Dropout;
import org.bame.harness.networks.NetworkNode.Linear;
import org.bame.harness.networks.NetworkNode.MaxPool;
import org.bame.harness.networks.NetworkNode.Normalisation;
import org.bame.harness.networks.NetworkNode.Shortcut;
import org.bame.harness.networks.NetworkNode.TokenNode;
import org.bame.kernel.Activation;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.PoolingShape;
import org.bame.sparsity.LayerKind;

/**
 * A plan as lines of text, the image first, then a node a line: its type, its name, the nodes that it reads, and its numbers,
 * with spaces between them. For programs that cannot share the objects.
 */
public final class PlanText {

    private static final String NONE = "-";

    private PlanText() {}

    /** Whether a plan can be written: without dropout, whose chance no other program shares, and not of a transformer. */
    public static boolean covers(NetworkPlan plan) {
        return plan.nodes().stream().noneMatch(node -> node instanceof Dropout || node instanceof TokenNode);
    }

    /**
     * The lines of a plan.
     *
     * @throws IllegalArgumentException if it is not covered
     */
    public static List<String> write(NetworkPlan plan) {
        List<String> lines = new ArrayList<>();
        lines.add(line(NetworkPlan.INPUT, extents(plan.input()), plan.classes()));
        plan.nodes().forEach(node -> lines.add(write(node)));
        return lines;
    }

    private static String write(NetworkNode node) {
        return switch (node) {
            case Convolution c ->
                line(
                        "convolution",
                        c.name(),
                        c.from(),
                        c.kind(),
                        extents(c.shape().input()),
                        c.shape().outputs(),
                        c.shape().kernelHeight(),
                        c.shape().kernelWidth(),
                        c.shape().stride(),
                        c.shape().padding(),
                        c.shape().groups());
            case Normalisation n ->
                line("normalisation", n.name(), n.from(), n.residual().orElse(NONE), extents(n.output()),
                        n.activation());
            case Shortcut s -> line("shortcut", s.name(), s.from(), extents(s.input()), s.outputs(), s.stride());
            case MaxPool m ->
                line(
                        "max-pool",
                        m.name(),
                        m.from(),
                        extents(m.shape().input()),
                        m.shape().window(),
                        m.shape().stride(),
                        m.shape().padding());
            case AveragePool a -> line("average-pool", a.name(), a.from(), extents(a.input()));
            case Linear l -> line("linear", l.name(), l.from(), l.kind(), l.features(), l.outputs());
            case Dropout d -> throw unwritable(d);
            case TokenNode t -> throw unwritable(t);
        };
    }

    private static IllegalArgumentException unwritable(NetworkNode node) {
        return new IllegalArgumentException("Got the node " + node + ", expected one that can be written");
    }

    /**
     * The plan of such lines.
     *
     * @throws IllegalArgumentException if there is a mistake; the message quotes the line
     */
    public static NetworkPlan read(List<String> lines) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("Got no lines, expected those of a network's plan");
        }
        LineFields image = fields(lines.getFirst());
        if (!image.text().equals(NetworkPlan.INPUT)) {
            throw image.bad("'" + NetworkPlan.INPUT + "'");
        }
        FeatureShape input = extents(image);
        int classes = image.integer();
        image.end();
        List<NetworkNode> nodes = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            LineFields words = fields(line);
            nodes.add(node(words));
            words.end();
        }
        return new NetworkPlan(input, classes, nodes);
    }

    private static NetworkNode node(LineFields words) {
        String type = words.text();
        String name = words.text();
        String from = words.text();
        return switch (type) {
            case "convolution" ->
                new Convolution(name, words.constant(LayerKind.class), convolution(words), from);
            case "normalisation" ->
                normalisation(name, from, Optional.of(words.text()).filter(word -> !word.equals(NONE)), words);
            case "shortcut" -> new Shortcut(name, extents(words), words.integer(), words.integer(), from);
            case "max-pool" ->
                new MaxPool(
                        name,
                        new PoolingShape(extents(words), words.integer(), words.integer(), words.integer()),
                        from);
            case "average-pool" -> new AveragePool(name, extents(words), from);
            case "linear" -> new Linear(name, words.constant(LayerKind.class), words.integer(), words.integer(), from);
            default -> throw words.bad("a type of node");
        };
    }

    private static String extents(FeatureShape shape) {
        return line(shape.channels(), shape.height(), shape.width());
    }

    private static ConvolutionShape convolution(LineFields words) {
        return new ConvolutionShape(
                extents(words),
                words.integer(),
                words.integer(),
                words.integer(),
                words.integer(),
                words.integer(),
                words.integer());
    }

    private static Normalisation normalisation(
            String name, String from, Optional<String> residual, LineFields words) {
        return new Normalisation(name, extents(words), from, residual, words.constant(Activation.class));
    }

    private static FeatureShape extents(LineFields words) {
        return new FeatureShape(words.integer(), words.integer(), words.integer());
    }

    private static LineFields fields(String line) {
        return new LineFields(line, " ");
    }

    private static String line(Object... words) {
        return Stream.of(words).map(Object::toString).collect(Collectors.joining(" "));
    }
}
