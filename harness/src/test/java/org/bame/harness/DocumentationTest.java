package org.bame.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.bame.harness.results.ComparisonRow;
import org.bame.harness.results.CsvTable;
import org.bame.harness.results.DataRow;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.EpochRow;
import org.bame.harness.results.FlopsRow;
import org.bame.harness.results.KernelRow;
import org.bame.harness.results.LayerRow;
import org.bame.harness.results.MaskRow;
import org.bame.harness.results.RunRow;
import org.bame.harness.results.ScaleRow;
import org.bame.harness.results.StepRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The READMEs: links lead somewhere, tables are whole, and figures of runs are those of their files. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(#[^)]*)?\\)");
    /** A heading of a section about the runs of a folder. */
    private static final Pattern RUNS = Pattern.compile("^## .*`([\\w-]+)/`.*");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.(\\d+))?");
    /** Columns of the README's tables, and of {@code runs.csv}. */
    private static final Map<String, String> COLUMNS = Map.of(
            "top-1", "final_top1",
            "loss, first 50 steps", "first_loss",
            "last epoch", "final_loss",
            "`paper`", "train_ratio_paper",
            "`cpu_executed`", "train_ratio_cpu_executed",
            "`nm_hardware`", "train_ratio_nm_hardware");

    @ParameterizedTest
    @ValueSource(strings = {"", "bame-core", "baselines", "datasets", "harness", "results"})
    void linksLeadSomewhere(String module) throws IOException {
        Path folder = ROOT.resolve(module);
        Matcher link = LINK.matcher(Files.readString(folder.resolve("README.md")));

        while (link.find()) {
            assertThat(folder.resolve(link.group(1))).exists();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bame-core", "baselines", "datasets", "harness", "results"})
    void tablesAreWhole(String module) throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve(module).resolve("README.md"));

        for (int i = 1; i < lines.size() - 1; i++) {
            if (lines.get(i).startsWith("|") && !lines.get(i - 1).startsWith("|")) {
                assertThat(lines.get(i + 1)).as("the line behind '%s'", lines.get(i)).matches("\\|( -+ \\|)+");
            }
        }
    }

    @Test
    void everyColumnIsExplained() throws IOException {
        String readme = Files.readString(ROOT.resolve("harness").resolve("README.md"));
        String section = readme.substring(readme.indexOf("## Columns"), readme.indexOf("## Reading the numbers"));

        for (CsvTable<?> table : List.of(RunRow.TABLE, EpochRow.TABLE, LayerRow.TABLE, MaskRow.TABLE,
                EnvironmentRow.TABLE,
                KernelRow.TABLE, StepRow.TABLE, ScaleRow.TABLE, DataRow.TABLE, FlopsRow.TABLE,
                ComparisonRow.TABLE)) {
            assertThat(section).contains("`" + table.fileName() + "`");
            assertThat(table.header()).as(table.fileName()).allSatisfy(column -> assertThat(section).contains("`"
                    + column
                    + "`"));
        }
    }

    @Test
    void figuresOfRunsAreThoseOfTheirFiles() throws IOException {
        String folder = "";
        List<String> header = List.of();
        List<String> compared = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("results").resolve("README.md"))) {
            if (line.startsWith("#")) {
                Matcher runs = RUNS.matcher(line);
                folder = runs.matches() ? runs.group(1) : "";
            }
            if (!line.startsWith("|")) {
                header = List.of();
            } else if (header.isEmpty()) {
                header = cells(line);
            } else if (header.contains("top-1") && !line.startsWith("| -")) {
                compare(folder, header, cells(line));
                compared.add(folder);
            }
        }
        assertThat(compared)
                .contains("methods-cifar10", "cifar10-resnet20-10-epochs", "cifar10-resnet8-bame-keys")
                .doesNotContain("");
    }

    private static void compare(String folder, List<String> header, List<String> cells) throws IOException {
        String name = cells.getFirst().split(" \\(|:")[0];
        CSVRecord run = runs(folder).stream()
                .filter(row -> List.of(name, "bame/" + name).contains(row.get("method")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No run of " + name + " in " + folder));
        for (int i = 1; i < header.size(); i++) {
            if (COLUMNS.containsKey(header.get(i))) {
                Matcher number = NUMBER.matcher(cells.get(i));
                assertThat(number.find()).as("'%s'", cells.get(i)).isTrue();
                double unit = cells.get(i).endsWith("%") ? 100 : 1;
                double halfDigit = 0.5000001 * Math.pow(10, number.group(2) == null ? 0 : -number.group(2).length());
                assertThat(Double.parseDouble(number.group()))
                        .as("%s of %s in %s", header.get(i), name, folder)
                        .isCloseTo(unit * Double.parseDouble(run.get(COLUMNS.get(header.get(i)))), within(halfDigit));
            }
        }
    }

    private static List<CSVRecord> runs(String folder) throws IOException {
        Path file = ROOT.resolve("results").resolve(folder).resolve("runs.csv");
        try (CSVParser parser = CSVFormat.RFC4180.builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(Files.newBufferedReader(file))) {
            return parser.getRecords();
        }
    }

    private static List<String> cells(String line) {
        String[] cells = line.substring(1).split("\\|");
        return Arrays.stream(cells).map(String::strip).toList();
    }
}
