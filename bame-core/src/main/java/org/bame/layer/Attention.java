package org.bame.layer;

import org.bame.kernel.AttentionScope;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runtime of {@link AttentionVertex}. */
final class Attention extends BlockVertex {
    private final AttentionProducts products;

    Attention(ComputationGraph graph, String name, int index, int heads, AttentionScope scope, DataType dataType) {
        super(graph, name, index, dataType);
        products = new AttentionProducts(heads, scope);
    }

    @Override
    public void use(KernelSession newSession) {
        super.use(newSession);
        products.use(newSession);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        return products.forward(input(0), null, training);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        return new Pair<>(null, new INDArray[]{products.backward(input(0), null, outputGradient(), null)});
    }
}
