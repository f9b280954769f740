package org.bame.harness.run;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bame.harness.environment.MemoryProbe;
import org.bame.harness.results.ClockSeconds;
import org.bame.kernel.Kernels;
import org.bame.layer.Clock;
import org.bame.layer.SparseTrainer;

/**
 * What a run took so far, over all processes that worked on it.
 *
 * @param clockNanos the trainer's clocks
 * @param loggingNanos time spent writing rows and checkpoints
 * @param processCpuNanos processor time of the process while it trained; 0 if the system does not tell
 * @param meters what each layer's products did
 * @param peakMemoryBytes largest resident memory
 * @param threads of the process that worked on it last
 * @param provider of its kernels
 */
record RunMeasures(
        Map<Clock, Long> clockNanos,
        long loggingNanos,
        long processCpuNanos,
        List<LayerTotals> meters,
        long peakMemoryBytes,
        int threads,
        String provider) {

    private static final double NANOS = 1e9;

    /** Nothing measured yet. */
    static RunMeasures none(Kernels kernels) {
        return new RunMeasures(Map.of(), 0, 0, List.of(), 0, kernels.threads(), kernels.provider());
    }

    /** These and what this process measured since it began. */
    RunMeasures plus(SparseTrainer trainer, long newLoggingNanos, long newCpuNanos, Kernels kernels) {
        Map<Clock, Long> nanos = new EnumMap<>(Clock.class);
        for (Clock clock : Clock.values()) {
            nanos.put(clock, clockNanos.getOrDefault(clock, 0L) + trainer.clocks().nanos(clock));
        }
        return new RunMeasures(
                nanos,
                loggingNanos + newLoggingNanos,
                processCpuNanos + newCpuNanos,
                LayerTotals.sum(meters, trainer.layers()),
                Math.max(peakMemoryBytes, MemoryProbe.peakBytes()),
                kernels.threads(),
                kernels.provider());
    }

    /** The clocks as columns. */
    ClockSeconds clocks() {
        return new ClockSeconds(
                seconds(Clock.DATA_WAIT),
                seconds(Clock.FORWARD),
                seconds(Clock.INPUT_GRADIENT),
                seconds(Clock.WEIGHT_GRADIENT),
                seconds(Clock.ELEMENT_WISE),
                seconds(Clock.MASK_WORK),
                seconds(Clock.OPTIMIZER),
                seconds(Clock.OTHER),
                seconds(Clock.EVALUATION),
                seconds(Clock.LOSS_PROBE),
                loggingNanos / NANOS);
    }

    private double seconds(Clock clock) {
        return clockNanos.getOrDefault(clock, 0L) / NANOS;
    }
}
