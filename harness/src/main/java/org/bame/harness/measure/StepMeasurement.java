package org.bame.harness.measure;

import java.util.Map;
import java.util.Optional;
import org.bame.layer.Clock;
import org.bame.method.MethodPhase;

/**
 * What was measured of one variant.
 *
 * @param provider of the kernels, or the other library
 * @param method name
 * @param pattern as in {@code 2:4}, {@code 1:4/g4}, {@code unstructured@0.75} or {@code fan_in@0.9}, or {@code dense}
 * @param phase of the method
 * @param steps number of times
 * @param spread of the steps' times; a rare mask update does not show in it
 * @param meanNanos of a step, mask updates included
 * @param imagesPerSecond by the mean
 * @param speedupVsDense mean of the dense step over this one's
 * @param peakMemoryBytes of a process that trains this way, estimated
 * @param clockMeanNanos where a step's mean time went; empty for another library
 * @param peer the fastest other library, if any was measured; empty for a library's own
 * @param speedupVsPeer its mean over this one's; NaN without a peer
 */
public record StepMeasurement(
        String provider,
        String method,
        String pattern,
        MethodPhase phase,
        int steps,
        Spread spread,
        double meanNanos,
        double imagesPerSecond,
        double speedupVsDense,
        long peakMemoryBytes,
        Map<Clock, Double> clockMeanNanos,
        Optional<String> peer,
        double speedupVsPeer) {

    /** The same, compared with another library's measurement. */
    StepMeasurement against(StepMeasurement fastest) {
        return new StepMeasurement(
                provider,
                method,
                pattern,
                phase,
                steps,
                spread,
                meanNanos,
                imagesPerSecond,
                speedupVsDense,
                peakMemoryBytes,
                clockMeanNanos,
                Optional.of(fastest.provider),
                fastest.meanNanos / meanNanos);
    }
}
