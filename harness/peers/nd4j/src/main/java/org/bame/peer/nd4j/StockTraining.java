package org.bame.peer.nd4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bame.harness.networks.NetworkPlan;
import org.bame.harness.networks.PlanText;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerWork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Steps of training a stock network on one batch. */
final class StockTraining implements PeerWork {

    private final ComputationGraph graph;
    private final long parameters;
    private final INDArray features;
    private final INDArray labels;
    private final double firstPenalty;
    private double firstLoss = Double.NaN;

    StockTraining(PeerRequest.Train request) throws IOException {
        Path folder = request.folder();
        NetworkPlan plan = PlanText.read(Files.readAllLines(folder.resolve(PeerFiles.PLAN)));
        StockNetwork network = new StockNetwork(plan);
        this.graph = new ComputationGraph(network.configure(request));
        graph.init();
        this.parameters = network.setParameters(
                graph, PeerFiles.read(folder.resolve(PeerFiles.PARAMETERS), plan.parameters()));
        this.firstPenalty = graph.calcRegularizationScore(true);
        int batch = request.batch();
        this.features = Nd4j.create(
                PeerFiles.read(
                        folder.resolve(PeerFiles.FEATURES), (long) batch * plan.input().elementsPerImage()),
                new long[]{batch, plan.input().channels(), plan.input().height(), plan.input().width()},
                'c');
        this.labels = Nd4j.create(
                PeerFiles.read(folder.resolve(PeerFiles.LABELS), (long) batch * plan.classes()),
                new long[]{batch, plan.classes()},
                'c');
    }

    @Override
    public long parameters() {
        return parameters;
    }

    @Override
    public void run() {
        graph.fit(new INDArray[]{features}, new INDArray[]{labels});
        if (Double.isNaN(firstLoss)) {
            firstLoss = graph.score() - firstPenalty;
        }
    }

    /** The score's penalty for large weights is taken out; it hardly changes by the step that came after the score. */
    @Override
    public float[] result() {
        return new float[]{(float) firstLoss, (float) (graph.score() - graph.calcRegularizationScore(true))};
    }

    @Override
    public void close() {
        graph.close();
    }
}
