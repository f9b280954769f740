package org.bame.layer;

import java.util.Map;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.LookupKernel;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Runtime of {@link TokenLookupVertex}. */
final class TokenLookup extends ParameterVertex {
    private static final String TABLE = "table";

    private final TokenLookupVertex configuration;
    private final LayoutCache<Work> works = new LayoutCache<>();

    /** Kernel and memory for one batch layout. */
    private record Work(LookupKernel kernel, BlockArray out) {}

    TokenLookup(
            TokenLookupVertex configuration,
            ComputationGraph graph,
            String name,
            int index,
            INDArray params,
            boolean initialise,
            IUpdater updater,
            DataType dataType) {
        super(graph, name, index, params, Map.of(TABLE, (int) configuration.numParams(false)), updater, dataType);
        this.configuration = configuration;
        if (initialise) {
            params.assign(Nd4j.randn(params.dataType(), params.length())
                    .muli(configuration.getDeviation())
                    .reshape(params.shape()));
        }
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        works.clear();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        BlockArray ids = input(0);
        long start = System.nanoTime();
        Work work = works.get(ids.extents(), this::prepare);
        work.kernel.forward(ids.storage(), value(TABLE), work.out.storage());
        clock(training, start);
        return work.out;
    }

    /** Ids have no gradient. */
    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray ids = input(0);
        BlockArray dy = outputGradient();
        long start = System.nanoTime();
        works.get(ids.extents(), this::prepare).kernel.backward(ids.storage(), dy.storage(), change(TABLE));
        session.gradients().release(dy);
        clock(true, start);
        return new Pair<>(gradient(), new INDArray[]{null});
    }

    private Work prepare(BlockExtents extents) {
        FeatureShape output = configuration.output(extents.shape());
        return new Work(
                session.kernels().lookup(configuration.getVocabulary(), output, extents.batch()),
                BlockArray.allocate(session, extents.with(output)));
    }
}
