package org.bame.harness.networks;

import org.bame.harness.networks.NetworkNode.TokenNode;
import org.bame.harness.networks.TokenNodes.Attention;
import org.bame.harness.networks.TokenNodes.DropPath;
import org.bame.harness.networks.TokenNodes.Embedding;
import org.bame.harness.networks.TokenNodes.Gelu;
import org.bame.harness.networks.TokenNodes.LayerNorm;
import org.bame.harness.networks.TokenNodes.Lookup;
import org.bame.harness.networks.TokenNodes.Merging;
import org.bame.harness.networks.TokenNodes.Product;
import org.bame.harness.networks.TokenNodes.Residual;
import org.bame.harness.networks.TokenNodes.Selection;
import org.bame.kernel.AttentionScope;
import org.bame.kernel.AttentionShape;
import org.bame.kernel.ConvolutionShape;
import org.bame.layer.AttentionVertex;
import org.bame.layer.DropPathVertex;
import org.bame.layer.GeluVertex;
import org.bame.layer.KernelConvolution;
import org.bame.layer.KernelLinear;
import org.bame.layer.LayerNormVertex;
import org.bame.layer.PatchMergingVertex;
import org.bame.layer.ResidualVertex;
import org.bame.layer.TokenEmbeddingVertex;
import org.bame.layer.TokenLookupVertex;
import org.bame.layer.TokenSelectionVertex;
import org.bame.layer.WeightInitialisation;
import org.bame.layer.WindowAttentionVertex;
import org.bame.sparsity.LayerKind;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** The part of {@link GraphAssembler} that knows transformers. */
final class TokenAssembler {

    private TokenAssembler() {}

    static void add(TokenNode node, GraphBuilder graph, String[] inputs) {
        String name = node.name();
        switch (node) {
            case Product p when p.kind() == LayerKind.PATCH -> graph.addLayer(name, patches(p), inputs);
            case Product p -> graph.addLayer(name, linear(p), inputs);
            case Lookup l ->
                graph.addVertex(name, new TokenLookupVertex(l.vocabulary(), l.output().channels()), inputs);
            case Embedding e ->
                graph.addVertex(
                        name,
                        new TokenEmbeddingVertex(e.shape().patches(), e.shape().classToken()),
                        inputs);
            case LayerNorm n -> graph.addVertex(name, norm(n), inputs);
            case Attention a -> graph.addVertex(name, attention(a.shape()), inputs);
            case Merging _ -> graph.addVertex(name, new PatchMergingVertex(), inputs);
            case Gelu _ -> graph.addVertex(name, new GeluVertex(), inputs);
            case Residual _ -> graph.addVertex(name, new ResidualVertex(), inputs);
            case DropPath d -> graph.addVertex(name, new DropPathVertex(d.probability()), inputs);
            case Selection s -> graph.addVertex(name, new TokenSelectionVertex(s.token()), inputs);
        }
    }

    /** Initialised by PyTorch's default for convolutions, as timm leaves it. */
    private static KernelConvolution patches(Product product) {
        ConvolutionShape shape = product.shape();
        KernelConvolution layer =
                new KernelConvolution(LayerKind.PATCH, shape.outputs(), shape.kernelHeight(), shape.stride(), 0);
        layer.setBias(product.bias());
        layer.setInitialisation(WeightInitialisation.UNIFORM_FAN_IN);
        return layer;
    }

    private static LayerNormVertex norm(LayerNorm norm) {
        LayerNormVertex vertex = new LayerNormVertex(norm.output().channels());
        vertex.setEpsilon(norm.epsilon());
        return vertex;
    }

    private static GraphVertex attention(AttentionShape shape) {
        return switch (shape.scope()) {
            case AttentionScope.Full _ -> new AttentionVertex(shape.heads(), false);
            case AttentionScope.Causal _ -> new AttentionVertex(shape.heads(), true);
            case AttentionScope.Windows w -> new WindowAttentionVertex(shape.heads(), w.size(), w.shift());
        };
    }

    private static KernelLinear linear(Product product) {
        KernelLinear layer = new KernelLinear(product.kind(), product.shape().outputs());
        layer.setBias(product.bias());
        layer.setInitialisation(WeightInitialisation.NORMAL_002);
        return layer;
    }
}
