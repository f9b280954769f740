package org.bame.harness.results;

import java.util.Optional;

/**
 * A row of {@code kernels.csv}: one variant of a product. Its time is executed: the kernel skipped every zero.
 *
 * @param environmentId machine and build
 * @param startedAt when the benchmark began: rows that share it were measured in the same rounds, and only their ratios mean
 *        much
 * @param device name of the device
 * @param provider of the kernels
 * @param shapeSet what the shapes were chosen by: a network, a built-in set or a file
 * @param shape extents and batch
 * @param layers of the network that have the shape
 * @param product {@code forward}, {@code input_gradient}, {@code weight_gradient}, or {@code all} for the three together
 * @param pattern as in {@code 2:4}, {@code 1:4/g4}, {@code unstructured@0.75} or {@code fan_in@0.9}, or {@code dense}
 * @param dataType of the numbers
 * @param threads of the product
 * @param rounds number of times
 * @param medianNanos of a call
 * @param p10Nanos a tenth of the calls were at least as fast
 * @param p90Nanos nine tenths were
 * @param gflops billions of executed operations a second at the median, nonzeros only
 * @param speedupVsDense dense median over this one's, same product, shape and threads
 * @param speedupVsPeer the peer's median over this one's; NaN without a peer
 * @param peer a library measured in the same rounds, if any
 */
public record KernelRow(
        String environmentId,
        String startedAt,
        String device,
        String provider,
        String shapeSet,
        String shape,
        int layers,
        String product,
        String pattern,
        String dataType,
        int threads,
        int rounds,
        double medianNanos,
        double p10Nanos,
        double p90Nanos,
        double gflops,
        double speedupVsDense,
        double speedupVsPeer,
        Optional<String> peer) {

    /** The file's columns. */
    public static final CsvTable<KernelRow> TABLE = CsvTable.of("kernels.csv", KernelRow::environmentId)
            .keyedBy("environment_id")
            .keyColumn("started_at", KernelRow::startedAt)
            .keyColumn("device", KernelRow::device)
            .keyColumn("provider", KernelRow::provider)
            .column("shape_set", KernelRow::shapeSet)
            .keyColumn("shape", KernelRow::shape)
            .column("layers", KernelRow::layers)
            .keyColumn("product", KernelRow::product)
            .keyColumn("pattern", KernelRow::pattern)
            .keyColumn("data_type", KernelRow::dataType)
            .keyColumn("threads", KernelRow::threads)
            .column("rounds", KernelRow::rounds)
            .column("median_nanos", KernelRow::medianNanos)
            .column("p10_nanos", KernelRow::p10Nanos)
            .column("p90_nanos", KernelRow::p90Nanos)
            .column("gflops", KernelRow::gflops)
            .column("speedup_vs_dense", KernelRow::speedupVsDense)
            .column("speedup_vs_peer", KernelRow::speedupVsPeer)
            .keyColumn("peer", row -> row.peer().orElse(""));
}
