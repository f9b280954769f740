package org.bame.peer.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bame.harness.networks.NetworkNode;
import org.bame.harness.networks.NetworkPlan;
import org.bame.kernel.Activation;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.PoolingShape;

/** A plan as PyTorch operations, node by node, each on tensors {@code [image, channel, row, column]}. */
final class TorchNetwork {

    private static final float EPSILON = 1e-5f;
    /** Share of the old running statistics that remains, as DJL counts. */
    private static final float DECAY = 0.9f;

    private final NetworkPlan plan;
    private final NDManager manager;
    private final List<TorchParameter> parameters = new ArrayList<>();
    private final Map<String, Function<Map<String, NDArray>, NDArray>> operations = new HashMap<>();
    private final float[] initial;
    private int position;

    /**
     * @param initial parameters in the order of {@link org.bame.harness.peer.PeerFiles#PARAMETERS}
     * @param manager frees the parameters
     */
    TorchNetwork(NetworkPlan plan, float[] initial, NDManager manager) {
        this.plan = plan;
        this.initial = initial;
        this.manager = manager;
        plan.nodes().forEach(node -> operations.put(node.name(), operation(node)));
    }

    List<TorchParameter> parameters() {
        return parameters;
    }

    /** Logits {@code [image, class]} in training mode. */
    NDArray logits(NDArray images) {
        Map<String, NDArray> values = new HashMap<>();
        values.put(NetworkPlan.INPUT, images);
        plan.nodes().forEach(node -> values.put(node.name(), operations.get(node.name()).apply(values)));
        return values.get(plan.nodes().getLast().name());
    }

    private Function<Map<String, NDArray>, NDArray> operation(NetworkNode node) {
        return switch (node) {
            case NetworkNode.Convolution c -> convolution(c);
            case NetworkNode.Normalisation n -> normalisation(n);
            case NetworkNode.Shortcut s -> shortcut(s);
            case NetworkNode.MaxPool m -> maxPool(m);
            case NetworkNode.AveragePool a -> values -> values.get(a.from()).getNDArrayInternal().globalAvgPool();
            case NetworkNode.Linear l -> linear(l);
            case NetworkNode.Dropout _ -> throw unwritten(node);
            case NetworkNode.TokenNode _ -> throw unwritten(node);
        };
    }

    private static IllegalArgumentException unwritten(NetworkNode node) {
        return new IllegalArgumentException("Got the node " + node + ", expected one that PlanText writes");
    }

    private static Function<Map<String, NDArray>, NDArray> maxPool(NetworkNode.MaxPool node) {
        PoolingShape shape = node.shape();
        Shape window = new Shape(shape.window(), shape.window());
        Shape stride = new Shape(shape.stride(), shape.stride());
        Shape padding = new Shape(shape.padding(), shape.padding());
        return values -> values.get(node.from()).getNDArrayInternal().maxPool(window, stride, padding, false);
    }

    private Function<Map<String, NDArray>, NDArray> linear(NetworkNode.Linear node) {
        NDArray weights = parameter(true, node.outputs(), node.features());
        NDArray biases = parameter(false, node.outputs());
        return values -> Linear.linear(values.get(node.from()), weights, biases).head();
    }

    private Function<Map<String, NDArray>, NDArray> convolution(NetworkNode.Convolution node) {
        ConvolutionShape shape = node.shape();
        NDArray weights = parameter(
                true, shape.outputs(), shape.weights().inputs(), shape.kernelHeight(), shape.kernelWidth());
        Shape stride = new Shape(shape.stride(), shape.stride());
        Shape padding = new Shape(shape.padding(), shape.padding());
        Shape dilation = new Shape(1, 1);
        return values -> values.get(node.from())
                .getNDArrayInternal()
                .convolution(values.get(node.from()), weights, null, stride, padding, dilation, shape.groups())
                .head();
    }

    private Function<Map<String, NDArray>, NDArray> normalisation(NetworkNode.Normalisation node) {
        int channels = node.output().channels();
        NDArray scale = parameter(false, channels);
        NDArray shift = parameter(false, channels);
        NDArray mean = manager.zeros(new Shape(channels));
        NDArray variance = manager.ones(new Shape(channels));
        return values -> {
            NDArray x = values.get(node.from());
            NDArray y = BatchNorm.batchNorm(x, mean, variance, scale, shift, 1, DECAY, EPSILON, true).head();
            if (node.residual().isPresent()) {
                // In place, as a careful user of PyTorch would.
                y = y.addi(values.get(node.residual().get()));
            }
            return activated(y, node.activation());
        };
    }

    private static NDArray activated(NDArray x, Activation activation) {
        return switch (activation) {
            case IDENTITY -> x;
            case RELU -> x.getNDArrayInternal().relu();
            case RELU6 -> x.clip(0, 6);
            case HARD_SWISH -> x.mul(x.add(3).clip(0, 6)).div(6);
        };
    }

    private static Function<Map<String, NDArray>, NDArray> shortcut(NetworkNode.Shortcut node) {
        NDIndex sampled = new NDIndex(":, :, ::" + node.stride() + ", ::" + node.stride());
        long before = (node.outputs() - node.input().channels()) / 2;
        long behind = node.outputs() - node.input().channels() - before;
        // Of the last dimension first.
        Shape padding = new Shape(0, 0, 0, 0, before, behind);
        return values -> values.get(node.from()).get(sampled).pad(padding, 0);
    }

    private NDArray parameter(boolean decays, long... extents) {
        Shape shape = new Shape(extents);
        int size = Math.toIntExact(shape.size());
        NDArray value = manager.create(Arrays.copyOfRange(initial, position, position + size), shape);
        position += size;
        value.setRequiresGradient(true);
        parameters.add(new TorchParameter(value, manager.zeros(shape), decays));
        return value;
    }
}
