package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.List;
import org.bame.harness.networks.NetworkNode;
import org.bame.harness.networks.NetworkPlan;
import org.bame.harness.networks.NetworkRequest;
import org.bame.harness.networks.PlanText;
import org.bame.harness.networks.PlannedNetwork;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerScratch;
import org.bame.harness.run.OptimizerChoice;
import org.bame.method.Optimizer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a peer is told of a training: the network's plan, the initial parameters of our own network, and the batch. */
final class PeerTraining {

    private final StepBenchmarkPlan plan;
    private final PlannedNetwork network;
    private final NetworkPlan nodes;

    /**
     * @param plan of the benchmark
     * @param network of the plan
     */
    PeerTraining(StepBenchmarkPlan plan, PlannedNetwork network) {
        this.plan = plan;
        this.network = network;
        this.nodes = network.plan(plan.data().image(), plan.data().classes());
    }

    /** Whether network and optimizer can be told. */
    boolean isPossible() {
        return PlanText.covers(nodes) && plan.recipe().optimizer() instanceof Optimizer.Sgd;
    }

    /** Trained parameters. */
    long parameters() {
        return nodes.parameters();
    }

    /** Writes the files, and returns the request that names them. */
    PeerRequest.Train write(RandomBatch batch, PeerScratch scratch) {
        scratch.write(PeerFiles.PLAN, PlanText.write(nodes));
        scratch.write(PeerFiles.PARAMETERS, initialParameters());
        scratch.write(PeerFiles.FEATURES, numbers(batch.features()));
        scratch.write(PeerFiles.LABELS, smoothed(numbers(batch.labels())));
        return new PeerRequest.Train(
                plan.batch(),
                StepTrainer.LEARNING_RATE,
                plan.recipe().optimizer().momentum(),
                plan.recipe().weightDecay(),
                scratch.folder());
    }

    /** As {@link org.bame.layer.SmoothedCrossEntropy} does. */
    private float[] smoothed(float[] oneHot) {
        double smoothing = plan.recipe().labelSmoothing();
        for (int i = 0; i < oneHot.length; i++) {
            oneHot[i] = (float) ((1 - smoothing) * oneHot[i] + smoothing / nodes.classes());
        }
        return oneHot;
    }

    /** Those of every network that is built with the plan's seed. */
    private float[] initialParameters() {
        ComputationGraph graph = new ComputationGraph(network.build(new NetworkRequest(
                nodes.input(),
                nodes.classes(),
                plan.seed(),
                plan.recipe().labelSmoothing(),
                OptimizerChoice.optimizer(plan.recipe()).stockUpdater(StepTrainer.LEARNING_RATE))));
        graph.init();
        List<INDArray> parameters = new ArrayList<>();
        for (NetworkNode node : nodes.nodes()) {
            switch (node) {
                // From [output][row][column][input].
                case NetworkNode.Convolution c -> parameters.add(parameter(graph, c, "W").permute(0, 3, 1, 2));
                case NetworkNode.Normalisation n -> {
                    parameters.add(parameter(graph, n, "gamma"));
                    parameters.add(parameter(graph, n, "beta"));
                }
                case NetworkNode.Linear l -> {
                    parameters.add(parameter(graph, l, "W"));
                    parameters.add(parameter(graph, l, "b"));
                }
                case NetworkNode.Shortcut _ -> {
                }
                case NetworkNode.MaxPool _ -> {
                }
                case NetworkNode.AveragePool _ -> {
                }
                case NetworkNode.Dropout _ -> throw unwritten(node);
                case NetworkNode.TokenNode _ -> throw unwritten(node);
            }
        }
        float[] all = new float[Math.toIntExact(nodes.parameters())];
        int position = 0;
        for (INDArray parameter : parameters) {
            float[] one = numbers(parameter);
            System.arraycopy(one, 0, all, position, one.length);
            position += one.length;
        }
        graph.close();
        return all;
    }

    private static IllegalStateException unwritten(NetworkNode node) {
        return new IllegalStateException("Got the node " + node + ", which PlanText refuses");
    }

    private static INDArray parameter(ComputationGraph graph, NetworkNode node, String name) {
        return graph.getVertex(node.name()).paramTable(false).get(name);
    }

    /** In the logical order, the last index fastest. */
    private static float[] numbers(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
