package org.bame.layer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bame.method.Adaptation;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskSelection;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;

/** A sparse-to-sparse method for tests: random masks in all products, redrawn every few steps. */
final class MaskingMethod implements TrainingMethod {
    final List<MaskedLayer> layers = new ArrayList<>();
    final List<Mask> masks = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    private final SparsityPattern pattern;
    private final int interval;
    private long redraws;

    MaskingMethod(SparsityPattern pattern, int interval) {
        this.pattern = pattern;
        this.interval = interval;
    }

    @Override
    public void attach(List<MaskedLayer> attached) {
        layers.addAll(attached);
        attached.forEach(layer -> masks.add(Mask.empty(layer.shape())));
        redraw();
    }

    @Override
    public ProductPlan plan(int layer, Step step) {
        if (layer == 0) {
            calls.add("plan " + step.index());
        }
        Support support = Support.of(masks.get(layer));
        return ProductPlan.of(support, support, support);
    }

    @Override
    public void transformGradients(Step step) {
        calls.add("transform " + step.index());
    }

    @Override
    public void afterUpdate(Step step) {
        calls.add("after " + step.index());
        if ((step.index() + 1) % interval == 0) {
            redraw();
        }
        for (int i = 0; i < masks.size(); i++) {
            for (int w = 0; w < masks.get(i).shape().size(); w++) {
                if (!masks.get(i).get(w)) {
                    layers.get(i).weights().set(w, 0);
                    layers.get(i).resetOptimizerState(w);
                }
            }
        }
    }

    @Override
    public List<LayerStatistics> statistics() {
        return List.of();
    }

    @Override
    public List<Adaptation> drainAdaptations() {
        return List.of();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeLong(redraws);
        for (Mask mask : masks) {
            mask.save(out);
        }
    }

    @Override
    public void restore(DataInput in) throws IOException {
        redraws = in.readLong();
        for (Mask mask : masks) {
            mask.restore(in);
        }
    }

    private void redraw() {
        SplittableRandom random = new SplittableRandom(31 * redraws++ + 5);
        var patterns = pattern.perLayer(layers.stream().map(MaskedLayer::shape).toList());
        for (int i = 0; i < masks.size(); i++) {
            MaskSelection.of(patterns.get(i)).selectRandom(random, masks.get(i));
        }
    }
}
