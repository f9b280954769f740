package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link TokenSelectionVertex}. */
final class TokenSelection extends BlockVertex {
    private final int token;
    private final LayoutCache<BlockArray> outputs = new LayoutCache<>();

    TokenSelection(ComputationGraph graph, String name, int index, int token, DataType dataType) {
        super(graph, name, index, dataType);
        this.token = token;
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
        session.kernels()
                .tokens()
                .select(x.extents().shape(), token, x.extents().batch(), x.storage(), y.storage());
        clock(training, start);
        return y;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockExtents extents = input(0).extents();
        BlockArray dy = outputGradient();
        long start = System.nanoTime();
        BlockArray dx = session.gradients().take(extents);
        session.kernels()
                .tokens()
                .selectBackward(extents.shape(), token, extents.batch(), dy.storage(), dx.storage());
        session.gradients().release(dy);
        clock(true, start);
        return new Pair<>(null, new INDArray[]{dx});
    }
}
