package org.bame.layer;

import org.bame.kernel.AttentionKernel;
import org.bame.kernel.AttentionScope;
import org.bame.kernel.AttentionShape;
import org.bame.kernel.Storage;

/** What the runtime vertices of attention have in common. Its time counts as that of products, which it mostly is. */
final class AttentionProducts {
    private final int heads;
    private final AttentionScope scope;
    private final LayoutCache<Work> works = new LayoutCache<>();
    private KernelSession session;

    /** Kernel and memory for one batch layout. */
    private record Work(AttentionKernel kernel, BlockArray out, Storage statistics) {}

    AttentionProducts(int heads, AttentionScope scope) {
        this.heads = heads;
        this.scope = scope;
    }

    void use(KernelSession newSession) {
        session = newSession;
        works.clear();
    }

    /** Attention; {@code bias} is null if the scope has none. */
    BlockArray forward(BlockArray qkv, Storage bias, boolean training) {
        long start = System.nanoTime();
        Work work = works.get(qkv.extents(), this::prepare);
        work.kernel.forward(qkv.storage(), bias, work.statistics, work.out.storage());
        if (training) {
            session.clocks().add(Clock.FORWARD, System.nanoTime() - start);
        }
        return work.out;
    }

    /** Gradient of the latest {@link #forward}; releases {@code dy}. */
    BlockArray backward(BlockArray qkv, Storage bias, BlockArray dy, Storage dBias) {
        long start = System.nanoTime();
        Work work = works.get(qkv.extents(), this::prepare);
        BlockArray dqkv = session.gradients().take(qkv.extents());
        work.kernel.backward(
                qkv.storage(), bias, work.statistics, work.out.storage(), dy.storage(), dqkv.storage(), dBias);
        session.gradients().release(dy);
        session.clocks().add(Clock.INPUT_GRADIENT, System.nanoTime() - start);
        return dqkv;
    }

    private Work prepare(BlockExtents extents) {
        AttentionShape shape = new AttentionShape(extents.shape(), heads, scope);
        return new Work(
                session.kernels().tokens().attention(shape, extents.batch()),
                BlockArray.allocate(session, extents.with(shape.output())),
                Storage.allocate(
                        session.elementType(), extents.with(shape.statistics()).elements()));
    }
}
