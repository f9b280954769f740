package org.bame.layer;

import org.bame.method.BatchLoss;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Measures losses on the minibatch of the step that is open, on a clock of its own. */
final class StepLoss implements BatchLoss {
    private final ComputationGraph graph;
    private final KernelSession session;
    private final MethodDriver driver;
    private INDArray features;
    private INDArray labels;

    StepLoss(ComputationGraph graph, KernelSession session, MethodDriver driver) {
        this.graph = graph;
        this.session = session;
        this.driver = driver;
    }

    /** Opens a step on a minibatch. */
    void open(INDArray stepFeatures, INDArray stepLabels) {
        features = stepFeatures;
        labels = stepLabels;
    }

    /** Ends it. */
    void close() {
        features = null;
        labels = null;
    }

    @Override
    public double during(Change change) {
        if (features == null) {
            throw new IllegalStateException(
                    "Asked for a loss outside transformGradients(), where there is no minibatch;"
                            + " ask for it there");
        }
        long start = System.nanoTime();
        session.beginProbe();
        driver.beginProbe();
        try {
            try {
                change.make();
                return graph.score(new MultiDataSet(features, labels), true);
            } finally {
                change.undo();
            }
        } finally {
            driver.endProbe();
            session.endProbe();
            session.clocks().add(Clock.LOSS_PROBE, System.nanoTime() - start);
        }
    }
}
