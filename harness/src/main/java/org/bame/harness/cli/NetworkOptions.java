package org.bame.harness.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bame.harness.Suite;
import org.bame.harness.config.Catalog;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.networks.NetworkFactory;
import org.bame.sparsity.SparsityPattern;
import picocli.CommandLine.Option;

/** Options that name a network and the published data set whose extents and usual recipe it gets; no file is read. */
final class NetworkOptions {

    @Option(names = "--network", required = true, paramLabel = "NAME", description = "./bame list networks")
    private String network;

    @Option(
            names = "--data-set",
            paramLabel = "NAME",
            description = "Gives extents, classes and the usual recipe; no file is read. Default: the one that the network was"
                    + " designed for.")
    private String dataSet;

    /** The network, which need not be trainable. */
    Optional<NetworkFactory> network(Suite suite, Problems problems) {
        return suite.networks().find(network, "--network", problems);
    }

    /** The network; one that cannot be trained is a mistake. */
    Optional<NetworkFactory> trainableNetwork(Suite suite, Problems problems) {
        Optional<NetworkFactory> found = network(suite, problems);
        found.flatMap(NetworkFactory::obstacle).ifPresent(obstacle -> problems.add(
                "--network", "'" + network + "', which cannot be trained: " + obstacle, "one that can"));
        return found;
    }

    /** Notes patterns that make no layer sparse: what they would measure is the dense network. */
    void requireSparse(NetworkFactory factory, DataSetShape data, List<SparsityPattern> patterns, Problems problems) {
        patterns.stream()
                .filter(pattern -> !factory.hasSparseLayers(data.image(), data.classes(), pattern))
                .forEach(pattern -> problems.add(
                        "--patterns",
                        "'" + pattern + "'",
                        PatternText.makingALayerSparse(pattern) + " of some layer of " + factory.name(),
                        "./bame flops --network " + factory.name() + " --layers shows the layers."));
    }

    /** The data set, for a network that was found. */
    Optional<DataSetShape> dataSet(NetworkFactory factory, Problems problems) {
        Map<String, DataSetShape> known = new TreeMap<>();
        DataSetShape.known().forEach(shape -> known.put(shape.name(), shape));
        if (dataSet != null) {
            return new Catalog<>("data set", known)
                    .find(dataSet, "--data-set", problems)
                    .filter(shape -> isRead(shape, factory, known, problems));
        }
        Optional<DataSetShape> usual = known.values().stream()
                .filter(shape -> shape.image().equals(factory.usualInput())
                        && shape.classes() == factory.usualClasses())
                .findFirst();
        if (usual.isEmpty()) {
            problems.add("--data-set", "nothing", "one of " + String.join(", ", known.keySet()));
        }
        return usual;
    }

    private static boolean isRead(
            DataSetShape shape, NetworkFactory factory, Map<String, DataSetShape> known, Problems problems) {
        if (shape.modality() == factory.modality()) {
            return true;
        }
        String fitting = known.values().stream()
                .filter(other -> other.modality() == factory.modality())
                .map(DataSetShape::name)
                .collect(Collectors.joining(", "));
        problems.add(
                "--data-set",
                "'" + shape.name() + "' for " + factory.name() + ", which reads " + factory.modality(),
                "one of " + fitting);
        return false;
    }
}
