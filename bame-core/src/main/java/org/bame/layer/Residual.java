package org.bame.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link ResidualVertex}. */
final class Residual extends BlockVertex {
    private final LayoutCache<BlockArray> outputs = new LayoutCache<>();

    Residual(ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, dataType);
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        outputs.clear();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray a = input(0);
        BlockArray b = input(1);
        if (!a.extents().equals(b.extents())) {
            throw new IllegalStateException("'" + vertexName + "' adds inputs of different shapes: "
                    + a.extents().shape() + " and " + b.extents().shape());
        }
        long start = System.nanoTime();
        BlockArray sum = outputs.get(a.extents(), e -> BlockArray.allocate(session, e));
        session.kernels()
                .tokens()
                .add(a.extents().shape(), a.extents().batch(), a.storage(), b.storage(), sum.storage());
        clock(training, start);
        return sum;
    }

    /** The second input gets a copy: Deeplearning4j adds to the gradients of vertices in place. */
    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray dy = outputGradient();
        long start = System.nanoTime();
        BlockArray copy = session.gradients().take(dy.extents());
        copy.storage().copyFrom(dy.storage());
        clock(true, start);
        return new Pair<>(null, new INDArray[]{dy, copy});
    }
}
