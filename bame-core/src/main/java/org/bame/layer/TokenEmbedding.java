package org.bame.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bame.kernel.EmbeddingShape;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Runtime of {@link TokenEmbeddingVertex}. */
final class TokenEmbedding extends ParameterVertex {
    private static final String TOKEN = "token";
    private static final String POSITION = "position";
    private static final double DEVIATION = 0.02;

    private final EmbeddingShape shape;
    private final LayoutCache<BlockArray> outputs = new LayoutCache<>();

    TokenEmbedding(
            EmbeddingShape shape,
            ComputationGraph graph,
            String name,
            int index,
            INDArray params,
            boolean initialise,
            IUpdater updater,
            DataType dataType) {
        super(graph, name, index, params, lengths(shape), updater, dataType);
        this.shape = shape;
        if (initialise) {
            params.assign(Nd4j.randn(params.dataType(), params.length()).muli(DEVIATION).reshape(params.shape()));
        }
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
        BlockArray y = outputs.get(x.extents(), this::prepare);
        session.kernels()
                .tokens()
                .embed(shape, x.extents().batch(), x.storage(), value(TOKEN), value(POSITION), y.storage());
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
                .embedBackward(
                        shape, extents.batch(), dy.storage(), dx.storage(), change(TOKEN), change(POSITION));
        session.gradients().release(dy);
        clock(true, start);
        return new Pair<>(gradient(), new INDArray[]{dx});
    }

    private BlockArray prepare(BlockExtents extents) {
        if (!extents.shape().equals(shape.patches())) {
            throw new IllegalStateException(
                    "'" + vertexName + "' embeds patches of " + shape.patches() + ", got " + extents.shape());
        }
        return BlockArray.allocate(session, extents.with(shape.output()));
    }

    private static Map<String, Integer> lengths(EmbeddingShape shape) {
        Map<String, Integer> lengths = new LinkedHashMap<>();
        if (shape.classToken()) {
            lengths.put(TOKEN, shape.patches().channels());
        }
        lengths.put(POSITION, shape.positions());
        return lengths;
    }
}
