package org.bame.sparsity;

import java.util.Arrays;
import java.util.List;

/** How kept weights are shared out among the layers of a network. */
public enum DensityDistribution {
    /** Every layer keeps the same share. */
    UNIFORM(""),
    /**
     * Erdos-Renyi-Kernel (Evci et al., Rigging the Lottery, ICML 2020, arXiv 1911.11134): a layer's density is proportional to
     * {@code (Cout + Cin + KH + KW) / (Cout Cin KH KW)}, so that small layers keep a larger share. Densities that would exceed
     * 1 are 1, and the other layers' are scaled so that the network keeps the share asked for.
     */
    ERK("/erk");

    private final String suffix;

    DensityDistribution(String suffix) {
        this.suffix = suffix;
    }

    /** What stands behind a pattern's density, for example {@code /erk}; empty for the default. */
    public String suffix() {
        return suffix;
    }

    /**
     * The density of each layer.
     *
     * @param shapes of the layers that share
     * @param density kept share of all their weights together, above 0, at most 1
     */
    public double[] densities(List<WeightShape> shapes, double density) {
        double[] densities = new double[shapes.size()];
        if (this == UNIFORM) {
            Arrays.fill(densities, density);
            return densities;
        }
        double kept = density * shapes.stream().mapToDouble(WeightShape::size).sum();
        for (boolean capped = true; capped;) {
            double free = kept;
            double weighted = 0;
            for (int i = 0; i < densities.length; i++) {
                if (densities[i] == 1) {
                    free -= shapes.get(i).size();
                } else {
                    weighted += shares(shapes.get(i)) * shapes.get(i).size();
                }
            }
            capped = false;
            for (int i = 0; i < densities.length; i++) {
                if (densities[i] < 1) {
                    densities[i] = Math.min(1, shares(shapes.get(i)) * free / weighted);
                    capped |= densities[i] == 1;
                }
            }
        }
        return densities;
    }

    private static double shares(WeightShape shape) {
        return (double) (shape.outputs() + shape.inputs() + shape.kernelHeight() + shape.kernelWidth()) / shape.size();
    }
}
