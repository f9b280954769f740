package org.bame.layer;

import org.bame.kernel.CounterRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link RandomPassConfiguration}. */
final class RandomPassVertex extends BlockVertex {
    private final RandomPassConfiguration configuration;
    private final LayoutCache<BlockArray> outputs = new LayoutCache<>();

    /** Of the latest forward pass in training. */
    private long key;

    RandomPassVertex(
            RandomPassConfiguration configuration, ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, dataType);
        this.configuration = configuration;
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        outputs.clear();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray x = input(0);
        if (!training) {
            return x;
        }
        long start = System.nanoTime();
        ComputationGraphConfiguration graphConfiguration = graph.getConfiguration();
        key = CounterRandom.key(
                graphConfiguration.getDefaultConfiguration().getSeed(),
                vertexName.hashCode(),
                graphConfiguration.getIterationCount());
        BlockArray y = outputs.get(x.extents(), extents -> BlockArray.allocate(session, extents));
        configuration.drop(session.kernels(), x.extents(), key, x.storage(), y.storage());
        clock(true, start);
        return y;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray dy = outputGradient();
        BlockArray dx = null;
        if (needsGradient(0)) {
            long start = System.nanoTime();
            dx = session.gradients().take(dy.extents());
            configuration.drop(session.kernels(), dy.extents(), key, dy.storage(), dx.storage());
            clock(true, start);
        }
        session.gradients().release(dy);
        return new Pair<>(null, new INDArray[]{dx});
    }
}
