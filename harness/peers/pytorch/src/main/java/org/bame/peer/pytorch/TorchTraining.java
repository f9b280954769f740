package org.bame.peer.pytorch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bame.harness.networks.NetworkPlan;
import org.bame.harness.networks.PlanText;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerWork;

/** Steps of training a network on one batch, everything that a step allocates freed at its end. */
final class TorchTraining implements PeerWork {

    private static final float NO_RESCALING = 1;
    private static final float NO_CLIPPING = -1;

    private final Engine engine;
    private final PeerRequest.Train request;
    private final NDManager manager;
    private final TorchNetwork network;
    private final NDArray features;
    private final NDArray labels;
    private float firstLoss = Float.NaN;
    private float lastLoss = Float.NaN;

    TorchTraining(Engine engine, PeerRequest.Train request) throws IOException {
        this.engine = engine;
        this.request = request;
        this.manager = engine.newBaseManager();
        Path folder = request.folder();
        NetworkPlan plan = PlanText.read(Files.readAllLines(folder.resolve(PeerFiles.PLAN)));
        this.network = new TorchNetwork(
                plan, PeerFiles.read(folder.resolve(PeerFiles.PARAMETERS), plan.parameters()), manager);
        int batch = request.batch();
        long pixels = (long) batch * plan.input().elementsPerImage();
        this.features = manager.create(
                PeerFiles.read(folder.resolve(PeerFiles.FEATURES), pixels),
                new Shape(batch, plan.input().channels(), plan.input().height(), plan.input().width()));
        this.labels = manager.create(
                PeerFiles.read(folder.resolve(PeerFiles.LABELS), (long) batch * plan.classes()),
                new Shape(batch, plan.classes()));
    }

    @Override
    public long parameters() {
        return network.parameters().stream().mapToLong(parameter -> parameter.value().size()).sum();
    }

    @Override
    public void run() {
        // Results belong to the manager of an operation's first operand: the step's.
        try (NDManager step = manager.newSubManager()) {
            features.tempAttach(step);
            try (GradientCollector collector = engine.newGradientCollector()) {
                NDArray loss = network.logits(features)
                        .logSoftmax(1)
                        .mul(labels)
                        .sum()
                        .mul(-1f / request.batch());
                collector.backward(loss);
                lastLoss = loss.getFloat();
            }
            network.parameters().forEach(this::update);
        }
        firstLoss = Float.isNaN(firstLoss) ? lastLoss : firstLoss;
    }

    private void update(TorchParameter parameter) {
        try (NDArray gradient = parameter.value().getGradient()) {
            gradient.getNDArrayInternal()
                    .sgdUpdate(
                            new NDList(parameter.value(), gradient, parameter.velocity()),
                            new NDList(parameter.value()),
                            (float) request.learningRate(),
                            parameter.decays() ? (float) request.weightDecay() : 0,
                            NO_RESCALING,
                            NO_CLIPPING,
                            (float) request.momentum(),
                            false);
            // Otherwise the next step's would be added.
            gradient.muli(0);
        }
    }

    @Override
    public float[] result() {
        return new float[]{firstLoss, lastLoss};
    }

    @Override
    public void close() {
        manager.close();
    }
}
