package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link AveragePoolVertex}. */
final class AveragePool extends BlockVertex {
    private final LayoutCache<BlockArray> outputs = new LayoutCache<>();

    AveragePool(ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, dataType);
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        outputs.clear();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray x = input(0);
        long start = System.nanoTime();
        BlockArray y = outputs.get(x.extents(), e -> BlockArray.allocate(
                session, e.with(FeatureShape.vector(e.shape().channels()))));
        session.kernels().averagePool(x.extents().shape(), x.extents().batch(), x.storage(), y.storage());
        clock(training, start);
        return y;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray dy = outputGradient();
        BlockArray dx = null;
        if (needsGradient(0)) {
            long start = System.nanoTime();
            BlockExtents extents = input(0).extents();
            dx = session.gradients().take(extents);
            session.kernels().averagePoolBackward(extents.shape(), extents.batch(), dy.storage(), dx.storage());
            clock(true, start);
        }
        session.gradients().release(dy);
        return new Pair<>(null, new INDArray[]{dx});
    }
}
