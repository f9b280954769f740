package org.bame.harness.results;

import java.util.Map;
import java.util.Optional;
import org.bame.layer.Clock;

/**
 * A row of {@code steps.csv}: whole training steps of a method in one of its phases.
 *
 * @param environmentId machine and build
 * @param startedAt when the benchmark began: rows that share it were measured in the same rounds, and only their ratios mean
 *        much
 * @param device name of the device
 * @param network name
 * @param batch images of a step
 * @param method name
 * @param pattern as in {@code 2:4}, {@code 1:4/g4}, {@code unstructured@0.75} or {@code fan_in@0.9}, or {@code dense}
 * @param phase of the method
 * @param provider of the kernels
 * @param threads of a product
 * @param steps number of times
 * @param medianNanos of a step; a rare mask update does not show in it
 * @param p10Nanos a tenth of the steps were at least as fast
 * @param p90Nanos nine tenths were
 * @param meanNanos of a step, mask updates included
 * @param imagesPerSecond by the mean
 * @param speedupVsDense mean of the dense step over this one's
 * @param speedupVsPeer the peer's mean over this one's; NaN without a peer
 * @param peer a library measured in the same rounds, if any
 * @param peakMemoryBytes resident memory of a process that trains this way, estimated
 * @param clockMeanNanos where a step's mean time went
 */
public record StepRow(
        String environmentId,
        String startedAt,
        String device,
        String network,
        int batch,
        String method,
        String pattern,
        String phase,
        String provider,
        int threads,
        int steps,
        double medianNanos,
        double p10Nanos,
        double p90Nanos,
        double meanNanos,
        double imagesPerSecond,
        double speedupVsDense,
        double speedupVsPeer,
        Optional<String> peer,
        long peakMemoryBytes,
        Map<Clock, Double> clockMeanNanos) {

    /** The file's columns. */
    public static final CsvTable<StepRow> TABLE = CsvTable.of("steps.csv", StepRow::environmentId)
            .keyedBy("environment_id")
            .keyColumn("started_at", StepRow::startedAt)
            .keyColumn("device", StepRow::device)
            .keyColumn("network", StepRow::network)
            .keyColumn("batch", StepRow::batch)
            .keyColumn("method", StepRow::method)
            .keyColumn("pattern", StepRow::pattern)
            .keyColumn("phase", StepRow::phase)
            .keyColumn("provider", StepRow::provider)
            .keyColumn("threads", StepRow::threads)
            .column("steps", StepRow::steps)
            .column("median_nanos", StepRow::medianNanos)
            .column("p10_nanos", StepRow::p10Nanos)
            .column("p90_nanos", StepRow::p90Nanos)
            .column("mean_nanos", StepRow::meanNanos)
            .column("images_per_second", StepRow::imagesPerSecond)
            .column("speedup_vs_dense", StepRow::speedupVsDense)
            .column("speedup_vs_peer", StepRow::speedupVsPeer)
            .keyColumn("peer", row -> row.peer().orElse(""))
            .column("peak_memory_bytes", StepRow::peakMemoryBytes)
            .column("forward_nanos", row -> row.clockMeanNanos().get(Clock.FORWARD))
            .column("input_gradient_nanos", row -> row.clockMeanNanos().get(Clock.INPUT_GRADIENT))
            .column("weight_gradient_nanos", row -> row.clockMeanNanos().get(Clock.WEIGHT_GRADIENT))
            .column("element_wise_nanos", row -> row.clockMeanNanos().get(Clock.ELEMENT_WISE))
            .column("mask_work_nanos", row -> row.clockMeanNanos().get(Clock.MASK_WORK))
            .column("optimizer_nanos", row -> row.clockMeanNanos().get(Clock.OPTIMIZER))
            .column("framework_nanos", row -> row.clockMeanNanos().get(Clock.OTHER));
}
