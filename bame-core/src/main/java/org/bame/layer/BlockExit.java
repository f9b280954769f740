package org.bame.layer;

import java.lang.ref.Reference;
import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link BlockExitVertex}. */
final class BlockExit extends BlockVertex {
    private final int positions;

    BlockExit(ComputationGraph graph, String name, int index, int positions, DataType dataType) {
        super(graph, name, index, dataType);
        this.positions = positions;
    }

    @Override
    public boolean writesBlocks() {
        return false;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray blocks = input(0);
        long start = System.nanoTime();
        FeatureShape shape = blocks.extents().shape();
        if (shape.pixels() != positions) {
            throw new IllegalStateException(BlockExitVertex.mismatch("'" + vertexName + "'", positions, shape));
        }
        int images = blocks.extents().batch().images();
        // Fresh memory, because the caller may keep the output.
        INDArray out = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, session.dataType(), new long[]{images, shape.elementsPerImage()}, 'c');
        session.kernels().fromBlocks(shape, blocks.extents().batch(), blocks.storage(), ArrayMemory.storage(out));
        clock(training, start);
        return out;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        long start = System.nanoTime();
        BlockExtents extents = input(0).extents();
        INDArray rows = ArrayMemory.rowMajor(epsilon, session.dataType());
        BlockArray dx = session.gradients().take(extents);
        session.kernels().toBlocks(extents.shape(), extents.batch(), ArrayMemory.storage(rows), dx.storage());
        Reference.reachabilityFence(rows);
        clock(true, start);
        return new Pair<>(null, new INDArray[]{dx});
    }
}
