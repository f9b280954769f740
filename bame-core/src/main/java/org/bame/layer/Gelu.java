package org.bame.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link GeluVertex}. */
final class Gelu extends BlockVertex {
    private final LayoutCache<BlockArray> outputs = new LayoutCache<>();

    Gelu(ComputationGraph graph, String name, int index, DataType dataType) {
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
        BlockArray y = outputs.get(x.extents(), e -> BlockArray.allocate(session, e));
        session.kernels().tokens().gelu(x.extents().shape(), x.extents().batch(), x.storage(), y.storage());
        clock(training, start);
        return y;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray x = input(0);
        BlockArray dy = outputGradient();
        long start = System.nanoTime();
        BlockArray dx = session.gradients().take(x.extents());
        session.kernels()
                .tokens()
                .geluBackward(
                        x.extents().shape(), x.extents().batch(), x.storage(), dy.storage(), dx.storage());
        session.gradients().release(dy);
        clock(true, start);
        return new Pair<>(null, new INDArray[]{dx});
    }
}
