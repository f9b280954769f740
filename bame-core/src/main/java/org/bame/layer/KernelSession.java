package org.bame.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ElementType;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What the kernel layers of one graph share: the kernels, the clocks, the memory of gradients, and the training
 * method if one is attached. A graph is used by one thread at a time, and so is its session.
 *
 * <p>A graph to which nobody attached kernels gets the SIMD ones, on all processors, at its first forward pass. All
 * such graphs share one provider, which one thread at a time may use: {@link #attach} others to graphs of other
 * threads.
 */
public final class KernelSession {
    /** For graphs without kernels of their own: its threads are many, its lifetime is the JVM's. */
    private static Kernels shared;

    private final Kernels kernels;
    private final DataType dataType;
    private final StepClocks clocks = new StepClocks();
    private final GradientPool gradients = new GradientPool(this);
    /** What a loss probe's passes take, which belongs to no part of the step. */
    private final StepClocks probeClocks = new StepClocks();
    private MethodDriver driver;
    private boolean probing;

    private KernelSession(Kernels kernels, DataType dataType) {
        this.kernels = kernels;
        this.dataType = dataType;
    }

    /**
     * Attaches kernels to every layer and vertex of a graph, in place of what was attached before, and turns workspaces
     * off (the layers own their memory).
     *
     * @param graph initialised or not; of type FLOAT or DOUBLE. A DOUBLE graph always gets the scalar kernels
     * @throws IllegalStateException if a vertex between entry and exit cannot read blocks
     */
    public static KernelSession attach(ComputationGraph graph, Kernels kernels) {
        graph.init();
        graph.getConfiguration().setTrainingWorkspaceMode(WorkspaceMode.NONE);
        graph.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
        return connect(graph, kernels);
    }

    /** The session attached to a graph, if any. */
    public static Optional<KernelSession> of(ComputationGraph graph) {
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex instanceof BlockEntry entry) {
                return Optional.ofNullable(entry.session);
            }
        }
        return Optional.empty();
    }

    /** For a graph that is used without {@link #attach}. */
    static KernelSession attachDefault(ComputationGraph graph) {
        boolean isDouble = graph.getConfiguration().getDataType() == DataType.DOUBLE;
        return connect(graph, isDouble
                ? new ScalarKernels()
                : sharedKernels());
    }

    private static synchronized Kernels sharedKernels() {
        if (shared == null) {
            shared = KernelProviders.simd(Runtime.getRuntime().availableProcessors());
        }
        return shared;
    }

    /** The kernels. */
    public Kernels kernels() {
        return kernels;
    }

    /** Type of the numbers. */
    public ElementType elementType() {
        return ArrayMemory.elementType(dataType);
    }

    /** The clocks of this graph's training steps. */
    public StepClocks clocks() {
        return probing ? probeClocks : clocks;
    }

    /** From here on forward passes leave meters and clocks as they are. */
    void beginProbe() {
        probing = true;
    }

    /** Ends what {@link #beginProbe} began. */
    void endProbe() {
        probing = false;
    }

    /** Whether what runs is part of training, and not a loss probe. */
    boolean metered() {
        return !probing;
    }

    DataType dataType() {
        return dataType;
    }

    GradientPool gradients() {
        return gradients;
    }

    /** The products of the graph, in topological order. */
    static List<ProductLayer> productLayers(ComputationGraph graph) {
        return Arrays.stream(graph.topologicalSortOrder())
                .mapToObj(index -> graph.getVertices()[index])
                .filter(GraphVertex::hasLayer)
                .map(GraphVertex::getLayer)
                .filter(ProductLayer.class::isInstance)
                .map(ProductLayer.class::cast)
                .toList();
    }

    /** Attaches a training method's driver, or detaches it (null). */
    void drive(MethodDriver methodDriver) {
        this.driver = methodDriver;
    }

    /** Called by the entry vertex at the start of every forward pass. */
    void beginForward(boolean training, BatchLayout batch) {
        if (training) {
            gradients.reclaimAll();
        }
        if (driver != null) {
            long start = System.nanoTime();
            driver.plan(training, batch);
            if (training) {
                clocks().add(Clock.MASK_WORK, System.nanoTime() - start);
            }
        }
    }

    private static KernelSession connect(ComputationGraph graph, Kernels kernels) {
        DataType type = graph.getConfiguration().getDataType();
        boolean needsScalar = type == DataType.DOUBLE && !(kernels instanceof ScalarKernels);
        KernelSession session = new KernelSession(needsScalar ? new ScalarKernels() : kernels, type);
        for (GraphVertex vertex : graph.getVertices()) {
            Optional<KernelUser> user = userOf(vertex);
            user.ifPresent(u -> u.use(session));
            if (vertex.hasLayer() && vertex.getLayer().conf().getLayer() instanceof LossLayer) {
                attachLoss(vertex.getLayer(), session.kernels);
            }
            if (vertex.isInputVertex()) {
                continue;
            }
            boolean reads = user.map(KernelUser::readsBlocks).orElse(false);
            for (VertexIndices index : vertex.getInputVertices()) {
                GraphVertex source = graph.getVertices()[index.getVertexIndex()];
                boolean writes = userOf(source).map(KernelUser::writesBlocks).orElse(false);
                checkEdge(source, writes, vertex, reads);
                if (user.orElse(null) instanceof ProductLayer layer) {
                    layer.needInputGradient(!(source instanceof BlockEntry));
                }
            }
        }
        fuseSums(graph);
        return session;
    }

    /** A graph's layer may share its configuration, and so its loss, with those of other graphs: it gets its own. */
    private static void attachLoss(Layer layer, Kernels kernels) {
        NeuralNetConfiguration own = layer.conf().clone();
        LossLayer configuration = (LossLayer) own.getLayer();
        if (configuration.getLossFn() instanceof SmoothedCrossEntropy loss) {
            configuration.setLossFn(loss.on(kernels));
            layer.setConf(own);
        }
    }

    /** Lets products take the sums of the normalisations next to them. */
    private static void fuseSums(ComputationGraph graph) {
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex instanceof Normalisation normalisation) {
                GraphVertex first = graph.getVertices()[vertex.getInputVertices()[0].getVertexIndex()];
                if (first.getNumOutputConnections() == 1 && userOf(first).orElse(null) instanceof ProductLayer layer) {
                    layer.feed(normalisation);
                }
            } else if (userOf(vertex).orElse(null) instanceof ProductLayer layer
                    && graph.getVertices()[vertex.getInputVertices()[0].getVertexIndex()] instanceof Normalisation n) {
                layer.read(n);
            }
        }
    }

    private static Optional<KernelUser> userOf(GraphVertex vertex) {
        if (vertex instanceof KernelUser user) {
            return Optional.of(user);
        }
        return vertex.hasLayer() && vertex.getLayer() instanceof KernelUser user ? Optional.of(user) : Optional.empty();
    }

    private static void checkEdge(GraphVertex source, boolean writes, GraphVertex reader, boolean reads) {
        if (writes != reads) {
            throw new IllegalStateException("'" + reader.getVertexName() + "' reads "
                    + (reads ? "blocks" : "ordinary arrays") + " but its input '" + source.getVertexName() + "' writes "
                    + (writes ? "blocks" : "ordinary arrays")
                    + ": kernel layers stand between a BlockEntryVertex and a BlockExitVertex, all others outside");
        }
    }
}
