package org.bame.layer;

import java.util.Map;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** Runtime of {@link WindowAttentionVertex}. */
final class WindowAttention extends ParameterVertex {
    private static final String BIAS = "bias";
    private static final double DEVIATION = 0.02;

    private final AttentionProducts products;

    WindowAttention(
            WindowAttentionVertex configuration,
            ComputationGraph graph,
            String name,
            int index,
            INDArray params,
            boolean initialise,
            IUpdater updater,
            DataType dataType) {
        super(graph, name, index, params, Map.of(BIAS, (int) configuration.numParams(false)), updater, dataType);
        products = new AttentionProducts(configuration.getHeads(), configuration.scope());
        if (initialise) {
            params.assign(Nd4j.randn(params.dataType(), params.length()).muli(DEVIATION).reshape(params.shape()));
        }
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        products.use(newSession);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        return products.forward(input(0), value(BIAS), training);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        BlockArray dqkv = products.backward(input(0), value(BIAS), outputGradient(), change(BIAS));
        return new Pair<>(gradient(), new INDArray[]{dqkv});
    }
}
