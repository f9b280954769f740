package org.bame.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of every {@link BlockPassConfiguration}. */
final class BlockPassVertex extends BlockVertex {
    private final BlockPassConfiguration configuration;
    private final LayoutCache<Work> works = new LayoutCache<>();

    /** The pass and its output for one batch layout. */
    private record Work(BlockPass pass, BlockArray out) {}

    BlockPassVertex(
            BlockPassConfiguration configuration, ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, dataType);
        this.configuration = configuration;
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
        work.pass.forward().run(x.storage(), work.out.storage());
        clock(training, start);
        return work.out;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray dy = outputGradient();
        BlockArray dx = null;
        if (needsGradient(0)) {
            long start = System.nanoTime();
            BlockExtents extents = input(0).extents();
            dx = session.gradients().take(extents);
            works.get(extents, this::prepare).pass.backward().run(dy.storage(), dx.storage());
            clock(true, start);
        }
        session.gradients().release(dy);
        return new Pair<>(null, new INDArray[]{dx});
    }

    private Work prepare(BlockExtents extents) {
        return new Work(
                configuration.pass(session.kernels(), extents),
                BlockArray.allocate(session, extents.with(configuration.output(extents.shape()))));
    }
}
