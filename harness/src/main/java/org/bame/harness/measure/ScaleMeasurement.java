package org.bame.harness.measure;

/**
 * What was measured at one point. Times are executed.
 *
 * @param point of the study
 * @param figures measured there
 */
public record ScaleMeasurement(ScalePoint point, Figures figures) {

    private static final double NANOS = 1e9;

    /**
     * What a process that trains at one point finds out about itself.
     *
     * @param provider of its kernels
     * @param spread of its steps' times
     * @param peakMemoryBytes most that was resident, the JVM itself included
     */
    public record Figures(String provider, Spread spread, long peakMemoryBytes) {}

    /** By the median. */
    public double imagesPerSecond() {
        return NANOS * point.batch() / figures.spread().medianNanos();
    }
}
