package org.bame.baselines.srigl;

import java.util.Arrays;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.Topology;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.sparsity.FanInPattern;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.TopScores;
import org.bame.sparsity.TopSelection;
import org.bame.sparsity.WeightShape;

/**
 * Drop and grow with a constant fan-in (methods.md 5.12). Over the whole layer, the largest |w| stay; they and as many largest
 * |g| as were dropped are salient. A neuron (an output) with too few salient weights is ablated: it keeps nothing, and the
 * others share its fan-in. What stays of a neuron is filled up by its own largest |g|.
 *
 * <p>An ablated neuron returns if its gradients become salient. As many neurons stay as the layer's weights need room.
 */
final class FanInTopology implements Topology {
    private final FanInPattern pattern;
    private final WeightShape shape;
    private final DropAndGrow dropAndGrow;
    private final TopScores top;
    private final double gammaSal;
    private final long seed;
    private final int index;
    private final Mask kept;
    private final Mask salient;
    private final int[] salience;
    private final int[] ordered;

    /**
     * One layer's topology.
     *
     * @param pattern the layer's own
     * @param dropAndGrow may be shared by layers that one thread serves
     * @param seed of the run
     * @param index of the layer
     */
    FanInTopology(
            WeightShape shape,
            FanInPattern pattern,
            DropAndGrow dropAndGrow,
            double gammaSal,
            long seed,
            int index) {
        this.shape = shape;
        this.pattern = pattern;
        this.dropAndGrow = dropAndGrow;
        this.top = new TopScores();
        this.gammaSal = gammaSal;
        this.seed = seed;
        this.index = index;
        this.kept = Mask.empty(shape);
        this.salient = Mask.empty(shape);
        this.salience = new int[shape.outputs()];
        this.ordered = new int[shape.outputs()];
    }

    @Override
    public void begin(Mask mask) {
        new TopSelection(pattern).selectRandom(LayerRandom.of(seed, index, 0), mask);
    }

    /** An ablated output keeps nothing, and the others keep its weights besides theirs, all of them the same number. */
    @Override
    public MaskPromise promise() {
        return gammaSal == 0 ? MaskPromise.EXACT : this::requireSharedFanIn;
    }

    private void requireSharedFanIn(Mask mask, SparsityPattern own) {
        int length = shape.rowLength();
        int[] counts = new int[shape.outputs()];
        Arrays.setAll(counts, output -> mask.count(output * length, (output + 1) * length));
        int active = (int) Arrays.stream(counts).filter(count -> count > 0).count();
        if (active == 0) {
            throw new IllegalStateException("Every output of " + shape + " keeps 0 weights, expected " + weights()
                    + " in all by pattern " + own);
        }
        int fanIn = weights() / active;
        for (int output = 0; output < counts.length; output++) {
            if (counts[output] != 0 && counts[output] != fanIn) {
                throw new IllegalStateException("Output " + output + " of " + shape + " keeps " + counts[output]
                        + " weights, expected 0 or " + fanIn + ": the " + weights() + " of pattern " + own + " for "
                        + active + " active outputs");
            }
        }
    }

    @Override
    public boolean needsDenseGradient() {
        return true;
    }

    @Override
    public void evolve(Update update, Mask next) {
        int dropped = dropAndGrow.drop(update, kept);
        top.select(update.gradient().segment(), 0, shape.size(), dropped, salient);
        salient.union(kept);
        int threshold = threshold();
        int active = 0;
        for (int count : salience) {
            active += count >= threshold ? 1 : 0;
        }
        int fanIn = weights() / active;
        int length = shape.rowLength();
        for (int output = 0; output < shape.outputs(); output++) {
            int first = output * length;
            if (salience[output] >= threshold) {
                fill(update.weights(), update.gradient(), first, fanIn, next);
            } else {
                ablate(first, next);
            }
        }
    }

    /** Weights that the layer's active neurons share, whatever their number. */
    private int weights() {
        return pattern.kept(shape) * shape.outputs();
    }

    /** Counts every neuron's salient weights; the fewest that it may have. */
    private int threshold() {
        int length = shape.rowLength();
        for (int output = 0; output < shape.outputs(); output++) {
            salience[output] = salient.count(output * length, (output + 1) * length);
        }
        if (gammaSal == 0) {
            return 0;
        }
        System.arraycopy(salience, 0, ordered, 0, ordered.length);
        Arrays.sort(ordered);
        int needed = Math.ceilDiv(weights(), length);
        return Math.min(Math.max(1, (int) (gammaSal * pattern.kept(shape))), ordered[ordered.length - needed]);
    }

    /** Gives a neuron its fan-in: what stays of it, the largest |w| if that is too much, and its largest |g|. */
    private void fill(Storage weights, Storage gradient, int first, int fanIn, Mask next) {
        int end = first + shape.rowLength();
        int staying = kept.count(first, end);
        if (staying >= fanIn) {
            top.select(weights.segment(), first, end, fanIn, next);
            return;
        }
        dropAndGrow.growByGradient(gradient, first, end, fanIn - staying, kept, next);
        for (int i = kept.nextKept(first, end); i >= 0; i = kept.nextKept(i + 1, end)) {
            next.set(i, true);
        }
    }

    private void ablate(int first, Mask next) {
        int end = first + shape.rowLength();
        for (int i = next.nextKept(first, end); i >= 0; i = next.nextKept(i + 1, end)) {
            next.set(i, false);
        }
    }
}
