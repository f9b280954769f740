package org.bame.harness.results;

/**
 * A row of {@code data.csv}: how fast batches of images are made.
 *
 * @param environmentId machine and build
 * @param startedAt when the benchmark began: rows that share it were measured in the same rounds
 * @param dataSet name, or that of a folder
 * @param images in it
 * @param augmentation of each image; {@code none} is what evaluation does
 * @param imageSize rows and columns of an image in a batch
 * @param batch images of a batch
 * @param threads that decoded
 * @param rounds number of measurements
 * @param medianNanos of an image
 * @param p10Nanos a tenth of the rounds was at least as fast
 * @param p90Nanos nine tenths were
 * @param imagesPerSecond by the median
 */
public record DataRow(
        String environmentId,
        String startedAt,
        String dataSet,
        int images,
        String augmentation,
        int imageSize,
        int batch,
        int threads,
        int rounds,
        double medianNanos,
        double p10Nanos,
        double p90Nanos,
        double imagesPerSecond) {

    /** The file's columns. */
    public static final CsvTable<DataRow> TABLE = CsvTable.of("data.csv", DataRow::environmentId)
            .keyedBy("environment_id")
            .keyColumn("started_at", DataRow::startedAt)
            .keyColumn("data_set", DataRow::dataSet)
            .column("images", DataRow::images)
            .keyColumn("augmentation", DataRow::augmentation)
            .keyColumn("image_size", DataRow::imageSize)
            .keyColumn("batch", DataRow::batch)
            .keyColumn("threads", DataRow::threads)
            .column("rounds", DataRow::rounds)
            .column("median_nanos", DataRow::medianNanos)
            .column("p10_nanos", DataRow::p10Nanos)
            .column("p90_nanos", DataRow::p90Nanos)
            .column("images_per_second", DataRow::imagesPerSecond);
}
