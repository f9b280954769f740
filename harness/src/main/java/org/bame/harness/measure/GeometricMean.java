package org.bame.harness.measure;

/** The mean for ratios: that of the inverses is its inverse. */
public final class GeometricMean {

    private double logarithms;
    private int count;

    /** Adds a number above 0. */
    public void add(double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("Got " + value + ", expected a finite number above 0");
        }
        logarithms += Math.log(value);
        count++;
    }

    /** The mean; NaN if nothing was added. */
    public double value() {
        return Math.exp(logarithms / count);
    }
}
