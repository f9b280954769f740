package org.bame.flops;

import java.util.ArrayList;
import java.util.List;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Sparsifiability;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.WeightShape;

/**
 * What a run's pattern means for one layer of its network.
 *
 * @param layer the layer
 * @param verdict whether it is sparse, and why (not)
 * @param pattern its own, whose density is exactly the share it keeps; {@code 1:1} if it stays dense
 */
public record LayerSparsity(WeightedLayer layer, Sparsifiability verdict, SparsityPattern pattern) {
    /**
     * Decides for a network.
     *
     * @param layers every layer with weights
     * @param pattern of the run
     * @return one entry a layer, in their order
     */
    public static List<LayerSparsity> of(List<WeightedLayer> layers, SparsityPattern pattern) {
        List<WeightShape> sparse = layers.stream()
                .filter(layer -> layer.sparsifiability(pattern).sparse())
                .map(WeightedLayer::weights)
                .toList();
        var patterns = pattern.perLayer(sparse).iterator();
        List<LayerSparsity> all = new ArrayList<>();
        for (WeightedLayer layer : layers) {
            Sparsifiability verdict = layer.sparsifiability(pattern);
            if (!verdict.sparse()) {
                all.add(new LayerSparsity(layer, verdict, NmPattern.DENSE));
                continue;
            }
            SparsityPattern own = patterns.next();
            if (own.isDense() && !pattern.isDense()) {
                all.add(new LayerSparsity(layer, new Sparsifiability(false,
                        "its share by pattern " + pattern + " is every weight"), NmPattern.DENSE));
            } else {
                all.add(new LayerSparsity(layer, own.fit(layer.weights()), own));
            }
        }
        return all;
    }
}
