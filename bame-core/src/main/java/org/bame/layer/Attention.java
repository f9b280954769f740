package org.bame.layer;

import org.bame.kernel.AttentionKernel;
import org.bame.kernel.AttentionShape;
import org.bame.kernel.Storage;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link AttentionVertex}. Its time counts as that of products, which it mostly is. */
final class Attention extends BlockVertex {
    private final int heads;
    private final boolean causal;
    private final LayoutCache<Work> works = new LayoutCache<>();

    /** Kernel and memory for one batch layout. */
    private record Work(AttentionKernel kernel, BlockArray out, Storage statistics) {}

    Attention(ComputationGraph graph, String name, int index, int heads, boolean causal, DataType dataType) {
        super(graph, name, index, dataType);
        this.heads = heads;
        this.causal = causal;
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        works.clear();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray qkv = input(0);
        long start = System.nanoTime();
        Work work = works.get(qkv.extents(), this::prepare);
        work.kernel.forward(qkv.storage(), work.statistics, work.out.storage());
        if (training) {
            session.clocks().add(Clock.FORWARD, System.nanoTime() - start);
        }
        return work.out;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray qkv = input(0);
        BlockArray dy = outputGradient();
        long start = System.nanoTime();
        Work work = works.get(qkv.extents(), this::prepare);
        BlockArray dqkv = session.gradients().take(qkv.extents());
        work.kernel.backward(qkv.storage(), work.statistics, work.out.storage(), dy.storage(), dqkv.storage());
        session.gradients().release(dy);
        session.clocks().add(Clock.INPUT_GRADIENT, System.nanoTime() - start);
        return new Pair<>(null, new INDArray[]{dqkv});
    }

    private Work prepare(BlockExtents extents) {
        AttentionShape shape = new AttentionShape(extents.shape(), heads, causal);
        return new Work(
                session.kernels().tokens().attention(shape, extents.batch()),
                BlockArray.allocate(session, extents.with(shape.output())),
                Storage.allocate(
                        session.elementType(), extents.with(shape.statistics()).elements()));
    }
}
