package org.bame.sparsity;

import java.util.ArrayList;
import java.util.List;

/**
 * Constant fan-in: each output of a layer keeps the same number k of its weights, over all inputs and kernel positions (one
 * block an output, {@code k : fan-in}; Lasby et al., Dynamic Sparse Training with Structured Sparsity, ICLR 2024).
 *
 * @param density kept share of all sparse layers together, above 0, at most 1
 * @param distribution among the layers
 */
public record FanInPattern(double density, DensityDistribution distribution) implements SparsityPattern {
    static final String NAME = "fan_in";
    static final String FORMS = NAME + SparsityText.FORM + NAME + "@0.75 (each output keeps a quarter of its weights)";

    /** Checks {@code 0 < density <= 1}. */
    public FanInPattern {
        SparsityText.requireDensity(NAME, density);
    }

    /** A pattern by which all layers keep the same share. */
    public FanInPattern(double density) {
        this(density, DensityDistribution.UNIFORM);
    }

    /**
     * Reads the form that {@link #toString} writes, for example {@code fan_in@0.9}.
     *
     * @throws IllegalArgumentException if the text is none; the message tells the expected form
     */
    public static FanInPattern parse(String text) {
        SparsityText read = SparsityText.parse(NAME, FORMS, text);
        return new FanInPattern(read.density(), read.distribution());
    }

    /** k: weights that each output of a layer of this density keeps: the nearest whole number, at least 1. */
    public int kept(WeightShape shape) {
        return SparsityText.share(density, shape.rowLength());
    }

    @Override
    public Sparsifiability fit(WeightShape shape) {
        return new Sparsifiability(
                true, "each output keeps " + kept(shape) + " of " + shape.rowLength() + " weights");
    }

    @Override
    public List<FanInPattern> perLayer(List<WeightShape> shapes) {
        double[] densities = distribution.densities(shapes, density);
        List<FanInPattern> patterns = new ArrayList<>();
        for (int i = 0; i < densities.length; i++) {
            int fanIn = shapes.get(i).rowLength();
            patterns.add(new FanInPattern((double) SparsityText.share(densities[i], fanIn) / fanIn));
        }
        return patterns;
    }

    @Override
    public FanInPattern relaxedTo(double relaxed) {
        return new FanInPattern(Math.max(density, relaxed), distribution);
    }

    @Override
    public String toString() {
        return SparsityText.of(NAME, density, distribution);
    }
}
