package org.bame.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bame.kernel.LayerNormKernel;
import org.bame.kernel.Storage;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/** Runtime of {@link LayerNormVertex}. */
final class LayerNorm extends ParameterVertex {
    private static final String GAMMA = "gamma";
    private static final String BETA = "beta";

    private final LayerNormVertex configuration;
    private final LayoutCache<Work> works = new LayoutCache<>();

    /** Kernel and memory for one batch layout. */
    private record Work(LayerNormKernel kernel, BlockArray out, Storage statistics) {}

    LayerNorm(
            LayerNormVertex configuration,
            ComputationGraph graph,
            String name,
            int index,
            INDArray params,
            boolean initialise,
            IUpdater updater,
            DataType dataType) {
        super(graph, name, index, params, lengths(configuration.getChannels()), updater, dataType);
        this.configuration = configuration;
        if (initialise) {
            array(GAMMA).assign(1);
            array(BETA).assign(0);
        }
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        works.clear();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray x = input(0);
        long start = System.nanoTime();
        Work work = works.get(x.extents(), this::prepare);
        work.kernel.forward(
                x.storage(),
                configuration.getEpsilon(),
                value(GAMMA),
                value(BETA),
                work.statistics,
                work.out.storage());
        clock(training, start);
        return work.out;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray x = input(0);
        BlockArray dOut = outputGradient();
        long start = System.nanoTime();
        Work work = works.get(x.extents(), this::prepare);
        BlockArray dx = session.gradients().take(x.extents());
        work.kernel.backward(
                x.storage(),
                work.statistics,
                value(GAMMA),
                dOut.storage(),
                dx.storage(),
                change(GAMMA),
                change(BETA));
        session.gradients().release(dOut);
        clock(true, start);
        return new Pair<>(gradient(), new INDArray[]{dx});
    }

    private Work prepare(BlockExtents extents) {
        if (extents.shape().channels() != configuration.getChannels()) {
            throw new IllegalStateException("'" + vertexName + "' normalises " + configuration.getChannels()
                    + " channels, got " + extents.shape());
        }
        BlockExtents statistics = extents.with(LayerNormKernel.statistics(extents.shape()));
        return new Work(
                session.kernels().tokens().layerNorm(extents.shape(), extents.batch()),
                BlockArray.allocate(session, extents),
                Storage.allocate(session.elementType(), statistics.elements()));
    }

    private static Map<String, Integer> lengths(int channels) {
        Map<String, Integer> lengths = new LinkedHashMap<>();
        lengths.put(GAMMA, channels);
        lengths.put(BETA, channels);
        return lengths;
    }
}
