package org.bame.baselines.rigl;

import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.Growth;
import org.bame.baselines.dynamic.Topology;
import org.bame.method.LayerRandom;
import org.bame.method.MaskedLayer;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskSelection;

/** Drop and grow anywhere in a layer, which always has as many weights. */
final class UnstructuredTopology implements Topology {
    private final MaskSelection selection;
    private final DropAndGrow dropAndGrow;
    private final Growth growth;
    private final long seed;
    private final int index;
    private final Mask grown;

    /**
     * One layer's topology.
     *
     * @param dropAndGrow may be shared by layers that one thread serves
     * @param seed of the run
     * @param index of the layer
     */
    UnstructuredTopology(MaskedLayer layer, DropAndGrow dropAndGrow, Growth growth, long seed, int index) {
        this.selection = MaskSelection.of(layer.pattern());
        this.dropAndGrow = dropAndGrow;
        this.growth = growth;
        this.seed = seed;
        this.index = index;
        this.grown = Mask.empty(layer.shape());
    }

    @Override
    public void begin(Mask mask) {
        selection.selectRandom(LayerRandom.of(seed, index, 0), mask);
    }

    @Override
    public boolean needsDenseGradient() {
        return growth == Growth.GRADIENT;
    }

    @Override
    public void evolve(Update update, Mask next) {
        dropAndGrow.exchange(update, growth, LayerRandom.of(seed, index, update.step()), grown, next);
    }
}
