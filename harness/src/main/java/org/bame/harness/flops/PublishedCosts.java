package org.bame.harness.flops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.bame.datasets.files.IoFailure;
import org.bame.harness.results.ResultsException;

/**
 * The training costs of {@code results/reference.csv} that are published. What our own model computed ({@code flops_status}
 * {@code model}) is left out: it would agree with itself.
 */
public final class PublishedCosts {

    private static final String HOME = "bame.home";
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

    private final List<PublishedCost> costs;

    private PublishedCosts(List<PublishedCost> costs) {
        this.costs = costs;
    }

    /** The file of the checkout that the launcher names, or of the working directory. */
    public static Path usualFile() {
        return Path.of(System.getProperty(HOME, "."), "results", "reference.csv");
    }

    /** Nothing published. */
    public static PublishedCosts none() {
        return new PublishedCosts(List.of());
    }

    /**
     * Reads a file.
     *
     * @throws ResultsException if it cannot be read or lacks a column
     */
    public static PublishedCosts read(Path file) {
        try (CSVParser parser = FORMAT.parse(Files.newBufferedReader(file))) {
            List<PublishedCost> all = parser.stream()
                    .filter(row -> List.of("stated", "derived").contains(row.get("flops_status")))
                    .filter(row -> !row.get("train_flops_over_dense").isEmpty())
                    .map(PublishedCosts::cost)
                    .toList();
            return new PublishedCosts(all.stream()
                    .filter(cost -> all.stream()
                            .noneMatch(other -> other.isSameButForLength(cost)
                                    && other.trainLength() < cost.trainLength()))
                    .toList());
        } catch (IOException | UncheckedIOException e) {
            throw new ResultsException(
                    "Cannot read " + file + ": " + IoFailure.reason(e) + ". Name another with --reference.", e);
        } catch (IllegalArgumentException e) {
            throw new ResultsException(
                    file + " is no file of published figures: " + e.getMessage()
                            + ". Name one with the columns of results/reference.csv with --reference.",
                    e);
        }
    }

    private static PublishedCost cost(CSVRecord row) {
        double length = Double.parseDouble(row.get("train_length_over_dense"));
        String test = row.get("test_flops_over_dense");
        return new PublishedCost(
                row.get("source"),
                row.get("network"),
                row.get("data_set"),
                row.get("pattern"),
                row.get("method"),
                row.get("variant"),
                row.get("flops_status").equals("derived"),
                length,
                Double.parseDouble(row.get("train_flops_over_dense")) / length,
                test.isEmpty() ? Double.NaN : Double.parseDouble(test));
    }

    /** All of them, each of the shortest training it is published for. */
    public List<PublishedCost> all() {
        return costs;
    }

    /** Those of one network, data set, pattern and method. */
    public List<PublishedCost> of(String network, String dataSet, String pattern, String method) {
        return costs.stream()
                .filter(cost -> cost.network().equals(network)
                        && cost.dataSet().equals(dataSet)
                        && cost.pattern().equals(pattern)
                        && cost.method().equals(method))
                .toList();
    }
}
