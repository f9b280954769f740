package org.bame.layer;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.FeatureShape;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link BlockEntryVertex}: the start of every forward pass through kernel layers. */
final class BlockEntry extends BlockVertex {
    private final LayoutCache<BlockArray> outputs = new LayoutCache<>();

    BlockEntry(ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, dataType);
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        outputs.clear();
    }

    @Override
    public boolean readsBlocks() {
        return false;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        if (session == null) {
            KernelSession.attachDefault(graph);
        }
        INDArray features = inputs[0];
        FeatureShape shape = shape(features);
        BatchLayout batch = BatchLayout.of((int) features.size(0));
        session.beginForward(training, batch);
        long start = System.nanoTime();
        BlockExtents extents = new BlockExtents(shape, batch);
        BlockArray out = outputs.get(extents, e -> BlockArray.allocate(session, e));
        INDArray rows = ArrayMemory.rowMajor(features, session.dataType());
        session.kernels().toBlocks(shape, extents.batch(), ArrayMemory.storage(rows), out.storage());
        Reference.reachabilityFence(rows);
        clock(training, start);
        return out;
    }

    private FeatureShape shape(INDArray features) {
        return switch (features == null ? 0 : features.rank()) {
            case 2 -> BlockEntryVertex.tokens((int) features.size(1));
            case 4 -> new FeatureShape((int) features.size(1), (int) features.size(2), (int) features.size(3));
            default -> throw new IllegalStateException("'" + vertexName
                    + "' expects features [batch, channels, height, width] or token ids [batch, tokens], got "
                    + (features == null ? "nothing" : Arrays.toString(features.shape())));
        };
    }

    /** Nobody asks for the gradient with respect to images. */
    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        return new Pair<>(null, new INDArray[]{null});
    }
}
