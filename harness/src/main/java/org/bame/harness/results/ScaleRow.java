package org.bame.harness.results;

/**
 * A row of {@code scale.csv}: whole training steps at one point of a scale study, in a process of their own.
 *
 * @param environmentId machine and build
 * @param startedAt when the study began
 * @param device name of the device
 * @param network name of the base network
 * @param dataSet whose extents and classes it has
 * @param method that trains at patterns; dense points are trained by {@code dense}
 * @param pattern as in {@code 2:4}, {@code 1:4/g4}, {@code unstructured@0.75} or {@code fan_in@0.9}, or {@code dense}
 * @param density kept share of the sparse layers' weights
 * @param batch images of a step
 * @param width times the base network's channels
 * @param threads of a product
 * @param provider of the kernels
 * @param steps number of times
 * @param medianNanos of a step
 * @param p10Nanos a tenth of the steps were at least as fast
 * @param p90Nanos nine tenths were
 * @param imagesPerSecond by the median
 * @param peakMemoryBytes most that was resident of the process, the JVM included
 * @param parameters trained parameters of the network
 * @param macsPerImage multiply-accumulates of the dense forward product for one image
 */
public record ScaleRow(
        String environmentId,
        String startedAt,
        String device,
        String network,
        String dataSet,
        String method,
        String pattern,
        double density,
        int batch,
        int width,
        int threads,
        String provider,
        int steps,
        double medianNanos,
        double p10Nanos,
        double p90Nanos,
        double imagesPerSecond,
        long peakMemoryBytes,
        long parameters,
        long macsPerImage) {

    /** The file's columns. */
    public static final CsvTable<ScaleRow> TABLE = CsvTable.of("scale.csv", ScaleRow::environmentId)
            .keyedBy("environment_id")
            .keyColumn("started_at", ScaleRow::startedAt)
            .keyColumn("device", ScaleRow::device)
            .keyColumn("network", ScaleRow::network)
            .keyColumn("data_set", ScaleRow::dataSet)
            .keyColumn("method", ScaleRow::method)
            .keyColumn("pattern", ScaleRow::pattern)
            .column("density", ScaleRow::density)
            .keyColumn("batch", ScaleRow::batch)
            .keyColumn("width", ScaleRow::width)
            .keyColumn("threads", ScaleRow::threads)
            .keyColumn("provider", ScaleRow::provider)
            .column("steps", ScaleRow::steps)
            .column("median_nanos", ScaleRow::medianNanos)
            .column("p10_nanos", ScaleRow::p10Nanos)
            .column("p90_nanos", ScaleRow::p90Nanos)
            .column("images_per_second", ScaleRow::imagesPerSecond)
            .column("peak_memory_bytes", ScaleRow::peakMemoryBytes)
            .column("parameters", ScaleRow::parameters)
            .column("macs_per_image", ScaleRow::macsPerImage);
}
