package org.bame.sparsity;

import java.util.List;

/**
 * Which weights of a layer may be kept, and how many. Whether a kernel can skip what is not kept does not depend on it: every
 * product runs on any support.
 */
public sealed interface SparsityPattern permits NmPattern, UnstructuredPattern, FanInPattern {
    /** What users may write. */
    String FORMS = NmPattern.FORMS + ", or " + UnstructuredPattern.FORMS + ", or " + FanInPattern.FORMS;

    /**
     * Reads the form that {@link #toString} writes, for example {@code 2:4}, {@code 1:4/g4}, {@code unstructured@0.75} or
     * {@code fan_in@0.9/erk}.
     *
     * @throws IllegalArgumentException if the text is no pattern; the message tells the expected forms
     */
    static SparsityPattern parse(String text) {
        if (text.strip().startsWith(UnstructuredPattern.NAME)) {
            return UnstructuredPattern.parse(text);
        }
        if (text.strip().startsWith(FanInPattern.NAME)) {
            return FanInPattern.parse(text);
        }
        if (text.contains(":")) {
            return NmPattern.parse(text);
        }
        throw new IllegalArgumentException("Bad pattern '" + text + "': expected " + FORMS);
    }

    /** Kept share, of all layers together that follow the pattern; above 0, at most 1. */
    double density();

    /** Whether it keeps every weight. */
    default boolean isDense() {
        return density() == 1;
    }

    /** How the kept share is spread over the layers. */
    default DensityDistribution distribution() {
        return DensityDistribution.UNIFORM;
    }

    /** Consecutive outputs, from output 0, that keep the same positions; 1 leaves every output to itself. */
    default int rowGroup() {
        return 1;
    }

    /** Whether weights of this shape can follow the pattern, and why (not). */
    Sparsifiability fit(WeightShape shape);

    /**
     * The pattern of each of these layers: its density is exactly the share that the layer keeps.
     *
     * @param shapes of all layers that follow the pattern; each {@link #fit fits}
     */
    List<? extends SparsityPattern> perLayer(List<WeightShape> shapes);

    /**
     * The pattern of this kind that keeps about another share, for methods that prune step by step: at least as much as this
     * one.
     *
     * @param density at least this pattern's, at most 1
     */
    SparsityPattern relaxedTo(double density);
}
