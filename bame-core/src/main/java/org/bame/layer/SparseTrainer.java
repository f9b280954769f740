package org.bame.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.Kernels;
import org.bame.kernel.Product;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Sparsifiability;
import org.bame.sparsity.SparsityPattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains a Deeplearning4j graph of kernel layers with a sparse training method. The graph remains an ordinary graph: it
 * can be evaluated, listened to and saved as any other; only its optimizer steps go through here.
 *
 * <p>One thread at a time. Features are {@code [batch, channels, height, width]} or token ids {@code [batch, tokens]},
 * labels {@code [batch, classes]}, or {@code [batch, classes * positions]} of a network that predicts at several positions
 * ({@link SmoothedCrossEntropy}).
 */
public final class SparseTrainer implements AutoCloseable {
    private final ComputationGraph graph;
    private final SparsityPattern pattern;
    private final TrainingMethod method;
    private final Settings settings;
    private final KernelSession session;
    private final MethodDriver driver;
    private final SparseGraphUpdater updater;
    /** Null if the settings want none. */
    private final WeightAverage average;
    private final StepLoss stepLoss;
    private final List<ProductLayer> productLayers;
    private final String logitsVertex;
    private long stepIndex;

    /**
     * How a run is trained.
     *
     * @param optimizer its arithmetic
     * @param schedule its learning rate
     * @param totalSteps optimizer steps of the whole run, at least 1
     * @param stepsPerEpoch steps of an epoch, at least 1
     * @param kernelPolicy how products on masks are computed
     * @param averageDecay factor of the moving average of the parameters that inference uses, in [0, 1): after each step
     *     {@code average = averageDecay * average + (1 - averageDecay) * parameters}; 0: inference uses the parameters
     */
    public record Settings(
            OptimizerSettings optimizer,
            LearningRateSchedule schedule,
            long totalSteps,
            int stepsPerEpoch,
            KernelPolicy kernelPolicy,
            double averageDecay) {
        /** Checks the ranges. */
        public Settings {
            if (totalSteps < 1 || stepsPerEpoch < 1) {
                throw new IllegalArgumentException("Settings have " + totalSteps + " steps, " + stepsPerEpoch
                        + " an epoch; expected at least 1 of each");
            }
            if (!(averageDecay >= 0 && averageDecay < 1)) {
                throw new IllegalArgumentException(
                        "Decay of the average is " + averageDecay + ", expected a number in [0, 1)");
            }
        }

        /** Settings with {@link KernelPolicy#SPARSE}, without an average. */
        public Settings(
                OptimizerSettings optimizer, LearningRateSchedule schedule, long totalSteps, int stepsPerEpoch) {
            this(optimizer, schedule, totalSteps, stepsPerEpoch, KernelPolicy.SPARSE, 0);
        }
    }

    /**
     * Takes over a graph, with empty optimizer state.
     *
     * @param graph of type FLOAT, configured with {@code updater(settings.optimizer().stockUpdater(rate))} and without
     *     regularization; initialised or not
     * @param kernels to compute with; the caller closes them
     * @param pattern that the sparse layers follow
     * @param method or null for dense training; not attached to another network
     * @throws IllegalArgumentException if the configuration does not fit; the message says what to change
     */
    public SparseTrainer(
            ComputationGraph graph, Kernels kernels, SparsityPattern pattern, TrainingMethod method,
            Settings settings) {
        this(graph, kernels, pattern, method, settings, chooser(settings.kernelPolicy(), kernels));
    }

    /** The same with another way to choose how products run, for tests. */
    SparseTrainer(
            ComputationGraph graph,
            Kernels kernels,
            SparsityPattern pattern,
            TrainingMethod method,
            Settings settings,
            LayerExecution.Chooser chooser) {
        this.graph = graph;
        this.pattern = pattern;
        this.method = method;
        this.settings = settings;
        this.session = KernelSession.attach(graph, kernels);
        TrainableGraph.requireNoRegularization(graph);
        this.logitsVertex = TrainableGraph.logitsVertex(graph);
        this.productLayers = KernelSession.productLayers(graph);
        this.updater = new SparseGraphUpdater(graph, session, settings.optimizer());
        this.average = settings.averageDecay() == 0 ? null : new WeightAverage(graph, settings.averageDecay());
        this.driver = new MethodDriver(graph, pattern, method, updater::stateOf, chooser);
        this.stepLoss = new StepLoss(graph, session, driver);
        driver.measureBy(stepLoss);
        updater.drive(driver);
        session.drive(driver);
        graph.setUpdater(updater);
    }

    private static LayerExecution.Chooser chooser(KernelPolicy policy, Kernels kernels) {
        return switch (policy) {
            case SPARSE -> (shape, pattern, batch) -> LayerExecution.SPARSE;
            case AUTO -> new KernelTrials(kernels);
        };
    }

    /**
     * One optimizer step.
     *
     * @return mean loss of the batch, before the step
     * @throws IllegalStateException after {@link #deploy}
     */
    public double step(INDArray features, INDArray labels) {
        requireNotDeployed("step()");
        StepClocks clocks = session.clocks();
        long before = clocks.measuredStepNanos();
        long start = System.nanoTime();
        Step step = nextStep();
        driver.open(step);
        updater.open(step);
        stepLoss.open(features, labels);
        try {
            graph.fit(new INDArray[]{features}, new INDArray[]{labels});
        } finally {
            stepLoss.close();
        }
        long fitted = System.nanoTime();
        driver.afterUpdate();
        long updated = System.nanoTime();
        clocks.add(Clock.MASK_WORK, updated - fitted);
        if (average != null) {
            average.update();
        }
        long end = System.nanoTime();
        clocks.add(Clock.OPTIMIZER, end - updated);
        clocks.add(Clock.OTHER, end - start - (clocks.measuredStepNanos() - before));
        stepIndex++;
        return graph.score();
    }

    /**
     * Logits, of the shape of labels, in inference mode (running statistics), in memory of their own. They are those of
     * the phase of the last step taken, with masks that follow the weights as they are now; dense before the first
     * step. If the settings want an average of the parameters, they are the average's, under the masks of the weights in
     * training.
     */
    public INDArray logits(INDArray features) {
        long start = System.nanoTime();
        INDArray logits = average == null || driver.deployed() ? output(features) : averagedOutput(features);
        session.clocks().add(Clock.EVALUATION, System.nanoTime() - start);
        return logits;
    }

    private INDArray averagedOutput(INDArray features) {
        driver.enter(average);
        try {
            return output(features);
        } finally {
            driver.leave(average);
        }
    }

    private INDArray output(INDArray features) {
        return graph.output(List.of(logitsVertex), false, new INDArray[]{features}, null)[0];
    }

    /** Optimizer steps taken. */
    public long stepIndex() {
        return stepIndex;
    }

    /** The step that comes next. */
    public Step nextStep() {
        return stepAt(stepIndex);
    }

    private Step stepAt(long index) {
        return new Step(index, settings.totalSteps, settings.stepsPerEpoch, settings.schedule.rate(index));
    }

    /** The graph. */
    public ComputationGraph graph() {
        return graph;
    }

    /** The method, or null. */
    public TrainingMethod method() {
        return method;
    }

    /** How the run is trained. */
    public Settings settings() {
        return settings;
    }

    /** The clocks; live. */
    public StepClocks clocks() {
        return session.clocks();
    }

    /** What every layer did since {@link #resetMeters}, in topological order. */
    public List<LayerReport> layers() {
        return productLayers.stream().map(this::report).toList();
    }

    /**
     * Holds the run to what its numbers mean: the masks of every layer are what the method promises of them at the last step
     * ({@link TrainingMethod#promise}), and the kernels counted nonzeros x output positions x images for every product
     * since {@link #resetMeters}. Cheap enough for every epoch.
     *
     * @throws InvariantException if not; the message says where, what was got and what was expected
     */
    public void verifyInvariants() {
        driver.verifyMasks();
        productLayers.forEach(layer -> layer.meter().verify(layer.name()));
    }

    /** Sets the layers' meters to 0 (not the clocks). */
    public void resetMeters() {
        productLayers.forEach(layer -> layer.meter().reset());
    }

    /**
     * Writes everything that {@link #restore} needs for a bit-identical continuation: a model file of Deeplearning4j
     * with one more entry. The file appears whole or not at all.
     *
     * <p>Its parameters are the stored weights. A method with a dense store (SR-STE, MaxQ) masks or scales them in
     * every product, so the file read as a plain model is <em>not</em> the trained network: for that, {@link #deploy}
     * and write the graph with Deeplearning4j's {@code ModelSerializer}.
     *
     * @throws IllegalStateException after {@link #deploy}
     */
    public void save(Path file) throws IOException {
        save(file, Map.of());
    }

    /**
     * The same with entries of the caller's own in the file.
     *
     * @param entries contents by name; no name is one of Deeplearning4j's or this trainer's
     */
    public void save(Path file, Map<String, byte[]> entries) throws IOException {
        requireNotDeployed("save()");
        checkpoint().write(file, stepIndex, entries);
    }

    /**
     * Continues where another trainer of the same network, method and settings was when it wrote the file.
     *
     * @throws IllegalArgumentException if the file belongs to another network, pattern, method, method configuration or
     *     other settings; then nothing has changed
     * @throws IllegalStateException after {@link #deploy}
     */
    public void restore(Path file) throws IOException {
        requireNotDeployed("restore()");
        stepIndex = checkpoint().read(file);
        driver.resume(stepIndex == 0 ? null : stepAt(stepIndex - 1));
    }

    private TrainerCheckpoint checkpoint() {
        String run = settings + ", pattern " + pattern + ", method " + (method == null ? "none" : method.signature());
        return new TrainerCheckpoint(graph, run, method, driver, average);
    }

    /**
     * Ends training: writes the weights that inference multiplies by (the method's effective weights, 0 outside the
     * forward mask; of the average, if there is one) into the graph's parameters, so that the plain graph computes what {@link #logits} does, up to
     * rounding. MaxQ's soft masks are so multiplied in once. The dense store of SR-STE or MaxQ is lost: {@link #save}
     * first to go on training from it. Afterwards only inference, the reports and {@link #close} are left. Calling it
     * again changes nothing; before the first step there is no mask, and it writes nothing.
     */
    public void deploy() {
        if (driver.deployed()) {
            return;
        }
        if (average != null) {
            driver.enter(average);
        }
        driver.deploy();
    }

    private void requireNotDeployed(String call) {
        if (driver.deployed()) {
            throw new IllegalStateException("Got " + call + " after deploy(), which replaced the method's stored"
                    + " weights; expected it before. Write the deployed model with ModelSerializer; to train on, close"
                    + " this trainer and create another for the graph");
        }
    }

    /** The weighted layers of a graph as the FLOPs account sees them, in topological order. */
    public static List<WeightedLayer> weightedLayers(ComputationGraph graph) {
        graph.init();
        return KernelSession.productLayers(graph).stream()
                .map(ProductLayer::weighted)
                .toList();
    }

    /**
     * Gives the graph back to Deeplearning4j's own training: dense, with the configured updater. Without
     * {@link #deploy} its parameters are the stored weights, and a method's masks and scales are gone: for SR-STE or
     * MaxQ that is another network than the trained one. (Where pruned weights are stored as 0, as by BAME after t_i,
     * it is the same.)
     */
    @Override
    public void close() {
        driver.detach();
        session.drive(null);
        graph.setUpdater(new ComputationGraphUpdater(graph));
    }

    private LayerReport report(ProductLayer layer) {
        Sparsifiability verdict = driver.verdict(layer);
        return new LayerReport(
                layer.name(),
                layer.layerConf().getKind(),
                layer.shape(),
                verdict.sparse(),
                verdict.reason(),
                layer.meter().images(),
                layer.report(Product.FORWARD),
                layer.report(Product.INPUT_GRADIENT),
                layer.report(Product.WEIGHT_GRADIENT));
    }
}
