package org.bame.harness.flops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.bame.harness.results.ResultsException;
import org.bame.sparsity.SparsityPattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code results/reference.csv} is what {@code results/README.md} says: surefire runs in the module's folder. */
class ReferenceFileTest {

    static final Path FILE = Path.of("..", "results", "reference.csv");
    private static final List<String> COLUMNS = List.of(
            "schema", "source", "network", "data_set", "pattern", "method", "variant", "epochs",
            "train_length_over_dense", "top1_percent", "top5_percent", "train_flops_over_dense",
            "test_flops_over_dense", "other_measure", "other_value", "status", "flops_status", "notes");
    /** What identifies a figure. */
    private static final List<String> KEY = List.of(
            "source", "network", "data_set", "pattern", "method", "variant", "epochs", "train_length_over_dense",
            "other_measure");
    private static final Set<String> NETWORKS = Set.of(
            "resnet18", "resnet50", "deit-s", "vit-b16", "t5-base", "cnn", "bert-large-uncased", "gpt2", "linear-layer",
            "opt-2.6b", "opt-6.6b", "opt-13b", "opt-30b", "opt-66b", "llama-3-8b", "mistral-v0.3-7b");
    /** Names that users type; the last line is of methods that the suite will not have. */
    private static final Set<String> METHODS = Set.of(
            "dense", "ste", "sr-ste", "maxq", "bame", "transposable", "bi-mask", "lbc", "asp", "step", "fst", "s-ste",
            "slope", "mask-decay", "structure-decay", "rigl", "set", "static", "srigl", "nm-rigl", "magnitude",
            "saliency", "hrbp",
            "random", "magnitude-ste", "wanda", "extended-sr-ste", "unnamed");
    private static final Set<String> DATA_SETS = Set.of(
            "", "imagenet", "c4", "federated-mnist", "squad-v1.1", "glue", "mmlu", "arc-c", "obqa", "winogrande",
            "hellaswag", "mathqa", "piqa", "race");
    /** One pattern in the first half of the blocks and one in the last; unstructured sparsity of a level not stated. */
    private static final String OTHER_PATTERNS = "dense|\\d+:\\d+\\+\\d+:\\d+|unstructured";

    private static List<String> header;
    private static List<CSVRecord> rows;

    @TempDir
    private Path folder;

    @BeforeAll
    static void read() throws IOException {
        CSVFormat format =
                CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
        try (CSVParser parser = format.parse(Files.newBufferedReader(FILE))) {
            header = parser.getHeaderNames();
            rows = parser.getRecords();
        }
    }

    @Test
    void hasItsColumnsAndOneRowAFigure() {
        assertThat(header).isEqualTo(COLUMNS);
        assertThat(rows).hasSizeGreaterThan(150).allMatch(CSVRecord::isConsistent);
        assertThat(rows).extracting(row -> KEY.stream().map(row::get).toList()).doesNotHaveDuplicates();
    }

    @Test
    void namesAreThoseThatUsersType() {
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.get("network")).isIn(NETWORKS);
            assertThat(row.get("data_set")).isIn(DATA_SETS);
            assertThat(row.get("method")).isIn(METHODS);
            assertThat(row.get("source")).isNotBlank();
            String pattern = row.get("pattern");
            assertThat(row.get("method").equals("dense")).isEqualTo(pattern.equals("dense"));
            if (!pattern.matches(OTHER_PATTERNS)) {
                assertThat(SparsityPattern.parse(pattern)).hasToString(pattern);
            }
        });
    }

    @Test
    void figuresAreInTheirRangesAndSayWhereTheyAreFrom() {
        assertThat(rows).allSatisfy(row -> {
            assertInRange(row, "top1_percent", 50, 100);
            assertInRange(row, "top5_percent", 85, 100);
            assertInRange(row, "epochs", 1, 1000);
            assertInRange(row, "test_flops_over_dense", 0.04, 1);
            double length = Double.parseDouble(row.get("train_length_over_dense"));
            assertThat(length).isIn(1.0, 5.0, 40.0);
            assertInRange(row, "train_flops_over_dense", 0.04 * length, length);
            assertThat(row.get("other_measure").isEmpty()).isEqualTo(row.get("other_value").isEmpty());
            assertThat(row.get("other_measure")).matches("|loss|.*_percent.*|.*_over_.*");
            boolean accuracy =
                    !row.get("top1_percent").isEmpty() || !row.get("other_value").isEmpty();
            boolean flops = !row.get("train_flops_over_dense").isEmpty();
            assertThat(accuracy || flops).isTrue();
            assertThat(row.get("status"))
                    .isIn(accuracy ? Set.of("stated", "derived", "stated_by_reviewer", "secondary") : Set.of(""));
            assertThat(row.get("flops_status")).isIn(flops ? Set.of("stated", "derived", "model") : Set.of(""));
            // Our own arithmetic is never another source's figure.
            assertThat(row.get("flops_status").equals("model"))
                    .isEqualTo(row.get("source").equals("methods.md 3"));
        });
    }

    @Test
    void publishedCostsAreOverADenseTrainingOfTheSameLength() {
        PublishedCosts costs = PublishedCosts.read(FILE);

        assertThat(costs.of("resnet50", "imagenet", "1:16", "bame"))
                .extracting(PublishedCost::toString)
                .containsExactly("0.294, derived (BAME abstract)");
        assertThat(costs.of("resnet50", "imagenet", "unstructured@0.8", "rigl"))
                .extracting(PublishedCost::toString)
                .containsExactly("0.230 (RigL README)");
        // Published for a training 5 times as long alone: 0.42 / 5.
        assertThat(costs.of("resnet50", "imagenet", "unstructured@0.95", "rigl"))
                .singleElement()
                .satisfies(cost -> {
                    assertThat(cost.trainRatio()).isEqualTo(0.084, within(1e-12));
                    assertThat(cost.testRatio()).isEqualTo(0.08);
                });
        assertThat(costs.of("resnet50", "imagenet", "1:16", "sr-ste")).isEmpty();
        assertThat(costs.of("resnet18", "imagenet", "1:16", "bame")).isEmpty();
    }

    @Test
    void filesThatAreNoneAreRefused() throws IOException {
        Path missing = folder.resolve("none.csv");
        assertThatThrownBy(() -> PublishedCosts.read(missing))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("--reference");
        Path other = Files.writeString(folder.resolve("other.csv"), "a,b\r\n1,2\r\n");
        assertThatThrownBy(() -> PublishedCosts.read(other))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("flops_status")
                .hasMessageContaining("--reference");
    }

    private static void assertInRange(CSVRecord row, String column, double least, double most) {
        String text = row.get(column);
        if (!text.isEmpty()) {
            assertThat(Double.parseDouble(text)).as("%s in %s", column, row).isBetween(least, most);
        }
    }
}
