package org.bame.sparsity;

import java.util.ArrayList;
import java.util.List;

/**
 * Unstructured sparsity: a layer keeps so many of its weights, anywhere.
 *
 * @param density kept share of all sparse layers together, above 0, at most 1
 * @param distribution among the layers
 */
public record UnstructuredPattern(double density, DensityDistribution distribution) implements SparsityPattern {
    static final String NAME = "unstructured";
    static final String FORMS = NAME + SparsityText.FORM + NAME + "@0.75 (a layer keeps a quarter of its weights, anywhere)";

    /** Checks {@code 0 < density <= 1}. */
    public UnstructuredPattern {
        SparsityText.requireDensity(NAME, density);
    }

    /** A pattern by which all layers keep the same share. */
    public UnstructuredPattern(double density) {
        this(density, DensityDistribution.UNIFORM);
    }

    /**
     * Reads the form that {@link #toString} writes, for example {@code unstructured@0.75}.
     *
     * @throws IllegalArgumentException if the text is none; the message tells the expected form
     */
    public static UnstructuredPattern parse(String text) {
        SparsityText read = SparsityText.parse(NAME, FORMS, text);
        return new UnstructuredPattern(read.density(), read.distribution());
    }

    /** Weights that a layer of this density keeps: the nearest whole number, at least 1. */
    public int kept(WeightShape shape) {
        return SparsityText.share(density, shape.size());
    }

    @Override
    public Sparsifiability fit(WeightShape shape) {
        return new Sparsifiability(true, "keeps " + kept(shape) + " of " + shape.size() + " weights");
    }

    @Override
    public List<UnstructuredPattern> perLayer(List<WeightShape> shapes) {
        double[] densities = distribution.densities(shapes, density);
        List<UnstructuredPattern> patterns = new ArrayList<>();
        for (int i = 0; i < densities.length; i++) {
            int size = shapes.get(i).size();
            patterns.add(new UnstructuredPattern((double) SparsityText.share(densities[i], size) / size));
        }
        return patterns;
    }

    @Override
    public UnstructuredPattern relaxedTo(double relaxed) {
        return new UnstructuredPattern(Math.max(density, relaxed), distribution);
    }

    @Override
    public String toString() {
        return SparsityText.of(NAME, density, distribution);
    }
}
