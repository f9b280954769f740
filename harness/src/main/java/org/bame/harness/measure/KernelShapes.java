package org.bame.harness.measure;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bame.datasets.files.IoFailure;
import org.bame.harness.config.BuiltInText;
import org.bame.harness.config.Catalog;
import org.bame.harness.config.NearestName;
import org.bame.harness.config.Problems;
import org.bame.harness.config.RecordBinder;
import org.bame.harness.config.YamlText;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.networks.NetworkNode;
import org.bame.harness.networks.PlannedNetwork;
import org.bame.harness.networks.TokenNodes;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;

/**
 * The sets of shapes that users can name: those of a network that can be planned, built-in files beside this class, and the
 * user's own files. A shape that several layers have is measured once.
 */
public final class KernelShapes {

    /** Each a file. */
    private static final List<String> BUILT_IN = List.of("quick", "notes");

    /** Images up to this many pixels are trained in batches of 128, as CIFAR is; larger ones are measured with 32. */
    private static final int SMALL_PIXELS = 64 * 64;
    private static final int SMALL_IMAGE_BATCH = 128;
    private static final int LARGE_IMAGE_BATCH = 32;

    private KernelShapes() {}

    /**
     * An entry of a file of shapes.
     *
     * @param inputs input channels
     * @param outputs output channels
     * @param height rows of the input
     * @param width columns of the input
     * @param kernel rows and columns of the kernel
     * @param stride step in both directions
     * @param padding zeros on every side; -1 for half the kernel
     * @param batch images
     * @param layers of the network that have this shape
     */
    record Entry(
            int inputs, int outputs, int height, int width, int kernel, int stride, int padding, int batch,
            int layers) {

        private static final Entry DEFAULTS = new Entry(64, 64, 8, 8, 3, 1, -1, 128, 1);

        KernelShape shape() {
            return new KernelShape(
                    ConvolutionShape.square(
                            new FeatureShape(inputs, height, width),
                            outputs,
                            kernel,
                            stride,
                            padding < 0 ? kernel / 2 : padding),
                    batch,
                    layers);
        }
    }

    /**
     * Resolves what stands behind {@code --shapes}: a network, a built-in set, or a YAML file.
     *
     * @param problems receives the mistakes
     * @return empty if a mistake was noted
     */
    public static List<KernelShape> resolve(
            String name, Catalog<NetworkFactory> networks, String where, Problems problems) {
        if (networks.names().contains(name) && networks.get(name, where) instanceof PlannedNetwork network) {
            return ofNetwork(network);
        }
        if (BUILT_IN.contains(name)) {
            String file = name + ".yaml";
            return read(BuiltInText.read(KernelShapes.class, file), file, problems);
        }
        Path file = Path.of(name);
        if (Files.isRegularFile(file)) {
            return read(text(file, problems), file.toString(), problems);
        }
        Set<String> known = new LinkedHashSet<>(BUILT_IN);
        known.addAll(networks.names());
        problems.add(
                where,
                "'" + name + "', which is neither a set of shapes nor a file",
                "one of " + String.join(", ", known) + ", or a YAML file",
                NearestName.hint(name, known));
        return List.of();
    }

    /** The different products of a network's layers that methods make sparse, in forward order. */
    private static List<KernelShape> ofNetwork(PlannedNetwork network) {
        FeatureShape image = network.usualInput();
        int batch = image.pixels() <= SMALL_PIXELS ? SMALL_IMAGE_BATCH : LARGE_IMAGE_BATCH;
        return merged(network.plan(image, network.usualClasses()).nodes().stream()
                .flatMap(node -> product(node).stream())
                .map(shape -> new KernelShape(shape, batch))
                .toList());
    }

    /** Every shape once, with the sum of its layers. */
    private static List<KernelShape> merged(List<KernelShape> shapes) {
        Map<String, KernelShape> byName = new LinkedHashMap<>();
        shapes.forEach(shape -> byName.merge(shape.name(), shape, KernelShape::plus));
        return List.copyOf(byName.values());
    }

    private static Optional<ConvolutionShape> product(NetworkNode node) {
        return switch (node) {
            case NetworkNode.Convolution c when c.kind().sparseByDefault() -> Optional.of(c.shape());
            case NetworkNode.Linear l when l.kind().sparseByDefault() ->
                Optional.of(ConvolutionShape.linear(l.features(), l.outputs()));
            case TokenNodes.Product p when p.kind().sparseByDefault() -> Optional.of(p.shape());
            default -> Optional.empty();
        };
    }

    private static List<KernelShape> read(String text, String file, Problems problems) {
        int before = problems.count();
        JsonNode tree = YamlText.value(text, file, problems);
        if (problems.count() > before) {
            return List.of();
        }
        if (!tree.isArray() || tree.isEmpty()) {
            problems.add(
                    file,
                    tree.isArray() ? "an empty list" : "no list",
                    "a YAML list of shapes, as in '- {inputs: 64, outputs: 64, height: 8, width: 8, kernel: 3}'");
            return List.of();
        }
        List<KernelShape> shapes = new ArrayList<>();
        for (int i = 0; i < tree.size(); i++) {
            String where = file + ": [" + i + "]";
            new RecordBinder(problems)
                    .bind(tree.get(i), Entry.class, Entry.DEFAULTS, where)
                    .flatMap(entry -> shape(entry, where, problems))
                    .ifPresent(shapes::add);
        }
        return merged(shapes);
    }

    private static Optional<KernelShape> shape(Entry entry, String where, Problems problems) {
        try {
            return Optional.of(entry.shape());
        } catch (IllegalArgumentException e) {
            problems.add(where, e.getMessage());
            return Optional.empty();
        }
    }

    private static String text(Path file, Problems problems) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            problems.add(file.toString(), "unreadable: " + IoFailure.reason(e), "a readable file");
            return "";
        }
    }
}
