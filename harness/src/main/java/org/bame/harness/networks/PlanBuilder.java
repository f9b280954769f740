package org.bame.harness.networks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.kernel.Activation;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.PoolingShape;
import org.bame.sparsity.LayerKind;

/** Writes a {@link NetworkPlan} node by node; keeps track of the extents. Every method returns the new node's name. */
final class PlanBuilder {

    private final FeatureShape input;
    private final List<NetworkNode> nodes = new ArrayList<>();
    private final Map<String, FeatureShape> shapes = new HashMap<>();

    PlanBuilder(FeatureShape input) {
        this.input = input;
        shapes.put(NetworkPlan.INPUT, input);
    }

    /** Extents of a node's result. */
    FeatureShape shape(String node) {
        return shapes.get(node);
    }

    /** Square convolution that keeps the extents up to the stride. */
    String convolution(String name, LayerKind kind, String from, int outputs, int kernel, int stride) {
        ConvolutionShape shape = ConvolutionShape.square(shape(from), outputs, kernel, stride, kernel / 2);
        return add(new NetworkNode.Convolution(name, kind, shape, from));
    }

    /** Square convolution with a filter a channel; keeps the extents up to the stride. */
    String depthwise(String name, String from, int kernel, int stride) {
        int channels = shape(from).channels();
        ConvolutionShape shape = ConvolutionShape.square(shape(from), channels, kernel, stride, kernel / 2)
                .inGroups(channels);
        return add(new NetworkNode.Convolution(name, LayerKind.DEPTHWISE, shape, from));
    }

    /** Normalisation and an activation. */
    String normalise(String name, String from, Activation activation) {
        return add(new NetworkNode.Normalisation(name, shape(from), from, Optional.empty(), activation));
    }

    /** Normalisation, addition of the residual, an activation. */
    String normaliseAdd(String name, String from, String residual, Activation activation) {
        return add(new NetworkNode.Normalisation(name, shape(from), from, Optional.of(residual), activation));
    }

    String shortcut(String name, String from, int outputs, int stride) {
        return add(new NetworkNode.Shortcut(name, shape(from), outputs, stride, from));
    }

    String maxPool(String name, String from, int window, int stride, int padding) {
        return add(new NetworkNode.MaxPool(name, new PoolingShape(shape(from), window, stride, padding), from));
    }

    String averagePool(String name, String from) {
        return add(new NetworkNode.AveragePool(name, shape(from), from));
    }

    String dropout(String name, String from, double probability) {
        return add(new NetworkNode.Dropout(name, shape(from), probability, from));
    }

    /** Ends the network with its classifier. */
    NetworkPlan classifier(String name, String from, int classes) {
        add(new NetworkNode.Linear(name, LayerKind.CLASSIFIER, shape(from).channels(), classes, from));
        return plan(classes);
    }

    /** Ends the network with the node added last. */
    NetworkPlan plan(int classes) {
        return new NetworkPlan(input, classes, nodes);
    }

    /** Adds any node. */
    String add(NetworkNode node) {
        nodes.add(node);
        if (shapes.put(node.name(), node.output()) != null) {
            throw new IllegalArgumentException("Two nodes named " + node.name());
        }
        return node.name();
    }
}
