package org.bame.layer;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.IUpdater;

/** What the configurations of vertices with parameters of their own have in common. */
abstract class ParameterVertexConfiguration extends BlockVertexConfiguration {
    private static final long serialVersionUID = 1L;

    private IUpdater updater;

    /**
     * Deeplearning4j's updater of the parameters where the graph is trained without {@link SparseTrainer}; null for the
     * updater of the graph's first layer with parameters, which is the one set for the whole graph.
     */
    public IUpdater getUpdater() {
        return updater;
    }

    /** Sets {@link #getUpdater}. */
    public void setUpdater(IUpdater updater) {
        this.updater = updater;
    }

    /** Graph-wide settings reach layers only, so the updater is read off a layer. */
    final IUpdater effectiveUpdater(ComputationGraph graph) {
        if (updater != null) {
            return updater;
        }
        List<IUpdater> ofLayers = graph.getConfiguration().getVertices().values().stream()
                .filter(LayerVertex.class::isInstance)
                .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
                .filter(ProductLayerConfiguration.class::isInstance)
                .map(layer -> ((BaseLayer) layer).getIUpdater())
                .filter(Objects::nonNull)
                .toList();
        if (ofLayers.isEmpty()) {
            throw new IllegalStateException("No updater for a " + this + ": set one on the configuration builder");
        }
        return ofLayers.getFirst();
    }
}
