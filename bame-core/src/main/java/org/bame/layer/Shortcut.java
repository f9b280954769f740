package org.bame.layer;

import org.bame.kernel.ShortcutShape;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link ShortcutVertex}. */
final class Shortcut extends BlockVertex {
    private final int outputs;
    private final int stride;
    private final LayoutCache<BlockArray> arrays = new LayoutCache<>();

    Shortcut(ComputationGraph graph, String name, int index, int outputs, int stride, DataType dataType) {
        super(graph, name, index, dataType);
        this.outputs = outputs;
        this.stride = stride;
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        arrays.clear();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray x = input(0);
        long start = System.nanoTime();
        BlockArray y = arrays.get(x.extents(), e -> BlockArray.allocate(
                session, e.with(new ShortcutShape(e.shape(), outputs, stride).output())));
        session.kernels()
                .shortcut(x.extents().shape(), outputs, stride, x.extents().batch(), x.storage(), y.storage());
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
            session.kernels()
                    .shortcutBackward(extents.shape(), outputs, stride, extents.batch(), dy.storage(), dx.storage());
            clock(true, start);
        }
        session.gradients().release(dy);
        return new Pair<>(null, new INDArray[]{dx});
    }
}
