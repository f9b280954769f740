package org.bame.harness.networks;

import java.util.List;
import java.util.stream.Stream;
import org.bame.flops.WeightedLayer;
import org.bame.harness.networks.NetworkNode.AveragePool;
import org.bame.harness.networks.NetworkNode.Convolution;
import org.bame.harness.networks.NetworkNode.Dropout;
import org.bame.harness.networks.NetworkNode.Linear;
import org.bame.harness.networks.NetworkNode.MaxPool;
import org.bame.harness.networks.NetworkNode.Normalisation;
import org.bame.harness.networks.NetworkNode.Shortcut;
import org.bame.harness.networks.NetworkNode.TokenNode;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.WeightShape;

/**
 * A network for one input shape and number of classes, as a list of nodes in the order of the forward pass. Everything
 * that the suite knows of a network follows from it.
 *
 * @param input extents of one image
 * @param classes outputs of the last node
 * @param nodes in forward order; each reads the image or earlier nodes; the last one gives the logits, of each of its pixels
 */
public record NetworkPlan(FeatureShape input, int classes, List<NetworkNode> nodes) {

    /** Name by which nodes read the image. */
    public static final String INPUT = "image";

    /** Takes an unmodifiable copy. */
    public NetworkPlan {
        nodes = List.copyOf(nodes);
    }

    /** The layers with weights, in forward order, as the FLOPs account sees them. */
    public List<WeightedLayer> weightedLayers() {
        return nodes.stream().flatMap(NetworkPlan::weighted).toList();
    }

    /** Multiply-accumulates of the dense forward product for one image: the weighted layers' sum. */
    public long macsPerSample() {
        return weightedLayers().stream().mapToLong(WeightedLayer::macsPerSample).sum();
    }

    /** Multiply-accumulates of one image outside the weighted layers: the products of attention. */
    public long extraMacsPerSample() {
        return nodes.stream()
                .mapToLong(node -> node instanceof TokenNode token ? token.extraMacs() : 0)
                .sum();
    }

    /** Trained parameters: weights, biases, and scale and shift of every normalisation. */
    public long parameters() {
        return nodes.stream()
                .mapToLong(node -> switch (node) {
                    case Convolution c -> c.shape().weights().size();
                    case Normalisation n -> 2L * n.output().channels();
                    case Linear l -> (long) l.features() * l.outputs() + l.outputs();
                    case Shortcut _ -> 0;
                    case MaxPool _ -> 0;
                    case Dropout _ -> 0;
                    case AveragePool _ -> 0;
                    case TokenNode t -> t.parameters();
                })
                .sum();
    }

    private static Stream<WeightedLayer> weighted(NetworkNode node) {
        return switch (node) {
            case Convolution c ->
                Stream.of(new WeightedLayer(
                        c.name(), c.kind(), c.shape().weights(), c.output().pixels()));
            case Linear l ->
                Stream.of(new WeightedLayer(l.name(), l.kind(), WeightShape.linear(l.outputs(), l.features()), 1));
            case Normalisation _ -> Stream.empty();
            case Shortcut _ -> Stream.empty();
            case MaxPool _ -> Stream.empty();
            case Dropout _ -> Stream.empty();
            case AveragePool _ -> Stream.empty();
            case TokenNode t -> t.weighted().stream();
        };
    }
}
