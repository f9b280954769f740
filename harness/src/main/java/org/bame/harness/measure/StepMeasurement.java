package org.bame.harness.measure;

import java.util.Map;
import org.bame.layer.Clock;
import org.bame.method.MethodPhase;

/**
 * What was measured of one variant. Times are executed.
 *
 * @param method name
 * @param pattern N:M, or {@code dense}
 * @param phase of the method
 * @param spread of the steps' times; a rare mask update does not show in it
 * @param meanNanos of a step, mask updates included
 * @param imagesPerSecond by the mean
 * @param speedupVsDense mean of the dense step over this one's
 * @param peakMemoryBytes of a process that trains this way, estimated
 * @param clockMeanNanos where a step's mean time went
 */
public record StepMeasurement(
        String method,
        String pattern,
        MethodPhase phase,
        Spread spread,
        double meanNanos,
        double imagesPerSecond,
        double speedupVsDense,
        long peakMemoryBytes,
        Map<Clock, Double> clockMeanNanos) {}
