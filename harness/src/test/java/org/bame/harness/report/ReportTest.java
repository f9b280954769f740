package org.bame.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.results.DataRow;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.EpochRow;
import org.bame.harness.results.KernelRow;
import org.bame.harness.results.LayerRow;
import org.bame.harness.results.MaskRow;
import org.bame.harness.results.ResultsException;
import org.bame.harness.results.RunKey;
import org.bame.harness.results.RunRow;
import org.bame.harness.results.RunStatus;
import org.bame.harness.results.ScaleRow;
import org.bame.harness.results.StepRow;
import org.bame.harness.statistics.Bootstrap;
import org.bame.harness.statistics.Interval;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final RunKey DENSE = SampleResults.key("dense", "dense", 1);
    private static final Pattern ROW = Pattern.compile("<tr>(<t[hd].*?)</tr>");
    private static final Pattern CELL = Pattern.compile("<t[hd][^>]*>(.*?)</t[hd]>");
    private static final Pattern SECTION = Pattern.compile("<section id=\"([a-z-]+)\">");
    private static final Path REFERENCE = Path.of("..", "results", "reference.csv");

    private static Suite suite;

    @TempDir
    private Path folder;

    @BeforeAll
    static void loadSuite() {
        suite = SuiteLoader.injector().getInstance(Suite.class);
    }

    @Test
    void accuracyIsTheMeanOverSeedsWithItsIntervalAndInEveryAccount() {
        runs(
                run("dense", "dense", 1, 0.9, 1),
                run("sr-ste", "1:4", 1, 0.80, 0.75),
                run("sr-ste", "1:4", 2, 0.84, 0.75));

        String page = page(folder);

        Interval interval = Bootstrap.STANDARD.ofMean(new double[]{80, 84});
        assertThat(row(page, "runs", "sr-ste")).startsWith(
                "sr-ste", "1:4", "2",
                String.format(Locale.ROOT, "82.0 [%.1f, %.1f]", interval.low(), interval.high()));
        assertThat(row(page, "runs", "dense")).startsWith("dense", "dense", "1", "90.0", "90.0", "0.500");
        assertThat(row(page, "accuracy-flops", "sr-ste")).endsWith("0.75", "0.375", "0.1875");
        assertThat(row(page, "accuracy-seconds", "sr-ste")).endsWith("8");
        assertThat(section(page, "accuracy-flops")).contains("Account paper", "Account cpu_executed",
                "Account nm_hardware", "1 to 2 seeds each");
    }

    @Test
    void oneSeedHasNoInterval() {
        runs(run("sr-ste", "1:4", 1, 0.8, 0.75));

        String section = section(page(folder), "runs");

        assertThat(section).contains("1 seed each, so no interval").doesNotContain("[");
        assertThat(row(section, "sr-ste")).contains("80.0");
    }

    @Test
    void runsThatDidNotFinishAreCountedAndNotAveraged() {
        runs(
                run("sr-ste", "1:4", 1, 0.8, 0.75),
                SampleResults.run(SampleResults.key("sr-ste", "1:4", 2), 0.1, 0.75, RunStatus.DIVERGED));

        assertThat(row(page(folder), "runs", "sr-ste")).startsWith("sr-ste", "1:4", "1, diverged 1", "80.0");
    }

    @Test
    void namesAreText() {
        runs(run("<b>bold</b> & \"co\"", "1:4", 1, 0.8, 0.75));
        SampleResults.write(
                EpochRow.TABLE,
                folder,
                List.of(SampleResults.epoch(SampleResults.key("<script>x</script>", "1:4", 1), 1, 0.5, 0.25)));

        String page = page(folder);

        assertThat(page)
                .doesNotContain("<b>", "<script")
                .contains("&lt;b&gt;bold&lt;/b&gt; &amp; ")
                // In plots, written by another library.
                .containsPattern("<text[^>]*>&lt;b&gt;bold|<text[^>]*\\s*>&lt;b>bold");
    }

    @Test
    void sectionsWithoutDataAreLeftOut() {
        SampleResults.write(DataRow.TABLE, folder, List.of(SampleResults.data(2, 1000)));

        assertThat(sections(page(folder))).containsExactly("data");
    }

    @Test
    void everyKindOfRowHasItsSection() {
        writeAll();

        assertThat(sections(page(folder))).containsExactly(
                "runs",
                "accuracy-flops",
                "accuracy-seconds",
                "learning-curves",
                "training-time",
                "layers",
                "masks",
                "published",
                "kernels",
                "steps",
                "scale",
                "data",
                "environments");
    }

    @Test
    void tellsWhereNumbersComeFrom() {
        writeAll();

        String page = page(folder);

        String machine = "Toy CPU, 2 threads, 512-bit vectors: commit abcdefabcd-dirty (environment 0123456789)";
        for (String id : List.of("runs", "accuracy-flops", "learning-curves", "layers", "kernels", "steps", "scale",
                "data")) {
            assertThat(section(page, id)).as(id).contains(machine);
        }
        assertThat(section(page, "accuracy-flops"))
                .contains("Partly simulated, dense arithmetic on zeros: fst; the others executed.");
        assertThat(section(page, "kernels")).contains("Executed: the kernels skipped every zero.");
    }

    @Test
    void layersTellWhichProductRanHowDense() {
        SampleResults.write(LayerRow.TABLE, folder, List.of(
                SampleResults.layer(SampleResults.key("bame", "1:4", 1), "conv1", 0.25, "executed"),
                SampleResults.layer(SampleResults.key("bame", "1:4", 1), "conv2", 0.5, "executed"),
                SampleResults.layer(DENSE, "conv1", 1, "executed")));

        String section = section(page(folder), "layers");

        // (250 + 500) of (1000 + 1000), and a weight gradient that stayed dense.
        assertThat(row(section, "bame 1:4")).containsExactly("bame 1:4", "0.375", "0.375", "1");
        assertThat(row(section, "conv2")).containsExactly(
                "conv2", "conv3x3", "16x3x3x16", "0.5", "2", "0.5", "executed", "3", "0.5", "executed", "4", "1",
                "executed");
        assertThat(section).contains("Executed: the kernels skipped the zeros.");
    }

    @Test
    void masksAreSummedOverLayers() {
        RunKey bame = SampleResults.key("bame", "1:4", 1);
        SampleResults.write(MaskRow.TABLE, folder, List.of(
                SampleResults.mask(bame, "conv1", 100, 3), SampleResults.mask(bame, "conv2", 100, 4)));

        String section = section(page(folder), "masks");

        assertThat(rows(section)).contains(List.of("100", "7"), List.of("100", "2"), List.of("100", "0.75"));
        assertThat(section).contains("Predicted change of the loss", "Measured change of the loss");
        assertThat(rows(section)).contains(List.of("100", "-4"));
    }

    @Test
    void kernelsAreGeometricMeans() {
        SampleResults.write(KernelRow.TABLE, folder, List.of(
                SampleResults.kernel("a", "1:4", "forward", 100, 1),
                SampleResults.kernel("b", "1:4", "forward", 400, 4)));

        assertThat(rows(section(page(folder), "kernels"))).contains(
                List.of("simd512 1:4", "200", "-", "-"), List.of("simd512 1:4", "2", "-", "-"));
    }

    @Test
    void aStepTooLongForThePlotIsTold() {
        SampleResults.write(StepRow.TABLE, folder, List.of(
                SampleResults.step("dense", "dense", "simd512", 70, true),
                SampleResults.step("dense", "dense", "pytorch", 140, false),
                SampleResults.step("dense", "dense", "stock", 7000, false)));

        String section = section(page(folder), "steps");

        assertThat(row(section, "dense")).containsExactly("dense", "10", "10", "10", "10", "10", "10", "10", "-");
        assertThat(row(section, "pytorch dense")).endsWith("-", "140");
        assertThat(section).contains("stock took 7,000 ms");
        assertThat(rows(section)).contains(List.of(
                "stock dense", "stock", "7,000", "7,000", "7,000", "7,000", "18", "2.00x", "-", "1"));
    }

    @Test
    void scaleGoesAlongOneFactorAtATime() {
        SampleResults.write(ScaleRow.TABLE, folder, List.of(
                SampleResults.scale("1:4", 0.25, 128, 100),
                SampleResults.scale("1:4", 0.25, 64, 60),
                SampleResults.scale("dense", 1, 128, 200),
                SampleResults.scale("dense", 1, 64, 110),
                SampleResults.scale("2:4", 0.5, 128, 150)));

        String section = section(page(folder), "scale");

        assertThat(section).contains("resnet8 about batch 128, width x1, 2 threads").doesNotContain("Time along width");
        assertThat(rows(section)).contains(
                List.of("64", "60", "110"), List.of("128", "100", "200"), List.of("0.5", "150"));
    }

    @Test
    void publishedCostsStandBesideOurArithmetic() {
        runs(run("sr-ste", "1:4", 1, 0.8, 0.75));

        String section = section(page(folder), "published");

        assertThat(row(section, "bame 1:16 (BAME abstract)")).containsExactly(
                "bame 1:16 (BAME abstract)", "0.294", "0.2937");
        assertThat(section).contains("resnet50 on imagenet: 40 published figures, 0 methods of ours");
    }

    @Test
    void ourAccuracyStandsBesideThePublishedOne() throws IOException {
        Path reference = Files.writeString(folder.resolve("reference.csv"), """
                schema,source,network,data_set,pattern,method,variant,epochs,train_length_over_dense,top1_percent,\
                train_flops_over_dense,test_flops_over_dense,status,flops_status,notes
                1,A paper,resnet8,toy,1:4,sr-ste,,10,1,81.5,0.75,,stated,stated,
                """);
        runs(run("sr-ste", "1:4", 1, 0.8, 0.75), run("bame", "1:4", 1, 0.7, 0.4));

        String section = section(pageWith(reference, folder), "published");

        assertThat(row(section, "sr-ste")).startsWith("sr-ste", "1:4").endsWith("81.5", "0.75",
                "80.00 (toy/resnet8/quick)");
    }

    @Test
    void foldersAreShownTogetherAndACopiedRowCountsOnce() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        runs(run("sr-ste", "1:4", 1, 0.80, 0.75));
        SampleResults.write(RunRow.TABLE, other, List.of(
                run("sr-ste", "1:4", 1, 0.80, 0.75), run("bame", "1:4", 1, 0.70, 0.4)));

        String page = page(folder, other);

        assertThat(row(page, "runs", "sr-ste")).startsWith("sr-ste", "1:4", "1", "80.0");
        assertThat(row(page, "runs", "bame")).startsWith("bame", "1:4", "1", "70.0");
        assertThat(page).contains("1 row that an earlier folder has, too, count once.");
    }

    @Test
    void theSameFilesMakeTheSamePage() {
        writeAll();

        assertThat(page(folder)).isEqualTo(page(folder));
    }

    @Test
    void needsNothingElseAndCanBeFollowedWithoutEyes() {
        writeAll();

        String page = page(folder);

        // Names of namespaces are all that looks like an address.
        assertThat(page.replaceAll("xmlns(:\\w+)?=\"[^\"]*\"", "")).doesNotContain("http", "<script", "src=", "@import",
                "url(");
        int plots = count(page, "<svg");
        assertThat(plots).isPositive();
        assertThat(count(page, "role=\"img\"")).isEqualTo(plots);
        assertThat(count(page, "<title id=")).isEqualTo(plots);
        assertThat(count(page, "<desc id=")).isEqualTo(plots);
        List<String> ids = Pattern.compile(" id=\"([^\"]*)\"").matcher(page).results().map(match -> match.group(1))
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
        for (MatchResult link : Pattern.compile("href=\"#([^\"]*)\"").matcher(page).results().toList()) {
            assertThat(ids).contains(link.group(1));
        }
    }

    @Test
    void aFolderWithoutRowsIsRefused() {
        assertThatThrownBy(() -> page(folder))
                .isInstanceOf(ResultsException.class)
                .hasMessageContainingAll("got no rows to show", "runs.csv", "--out");
    }

    @Test
    void rowsOfEarlierVersionsAreShown() throws IOException {
        Files.writeString(folder.resolve("runs.csv"), """
                schema,environment_id,run_id,workload,data_set,network,method,pattern,seed,final_top1,status
                1,e,sr-ste-s1,w,toy,resnet8,sr-ste,1:4,1,0.5,finished
                """);

        assertThat(row(page(folder), "runs", "sr-ste")).startsWith("sr-ste", "1:4", "1", "50.0", "-");
    }

    @Test
    void thePublishedFoldersMakeAPageWithEverySection() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(Path.of("..", "results"))) {
            folders = all.filter(Files::isDirectory)
                    .filter(one -> Files.exists(one.resolve("environments.csv")))
                    .sorted()
                    .toList();
        }

        String page = page(folders.toArray(Path[]::new));

        assertThat(sections(page)).contains(
                "runs", "accuracy-flops", "learning-curves", "layers", "masks", "published", "kernels", "steps",
                "scale",
                "data", "environments");
        assertThat(page).doesNotContain("NaN", "Infinity");
    }

    private void writeAll() {
        RunKey fst = SampleResults.key("fst", "2:4", 1);
        runs(run("dense", "dense", 1, 0.9, 1), run("fst", "2:4", 1, 0.8, 0.6));
        SampleResults.write(EpochRow.TABLE, folder, List.of(
                SampleResults.epoch(DENSE, 1, 0.5, Double.NaN),
                SampleResults.epoch(fst, 1, 0.4, 0.25),
                SampleResults.epoch(fst, 2, 0.8, 0.125)));
        SampleResults.write(LayerRow.TABLE, folder, List.of(
                SampleResults.layer(DENSE, "conv1", 1, "executed"), SampleResults.layer(fst, "conv1", 0.5,
                        "simulated")));
        SampleResults.write(MaskRow.TABLE, folder, List.of(SampleResults.mask(fst, "conv1", 100, 3)));
        SampleResults.write(KernelRow.TABLE, folder, List.of(SampleResults.kernel("a", "1:4", "forward", 100, 1)));
        SampleResults.write(
                StepRow.TABLE, folder, List.of(SampleResults.step("dense", "dense", "simd512", 70, true)));
        SampleResults.write(ScaleRow.TABLE, folder, List.of(
                SampleResults.scale("1:4", 0.25, 128, 100), SampleResults.scale("1:4", 0.25, 64, 60)));
        SampleResults.write(DataRow.TABLE, folder, List.of(SampleResults.data(1, 1000), SampleResults.data(2, 1900)));
        SampleResults.write(EnvironmentRow.TABLE, folder, List.of(SampleResults.environment()));
    }

    private static RunRow run(String method, String pattern, long seed, double top1, double ratio) {
        return SampleResults.run(SampleResults.key(method, pattern, seed), top1, ratio, RunStatus.FINISHED);
    }

    private void runs(RunRow... rows) {
        SampleResults.write(RunRow.TABLE, folder, Arrays.asList(rows));
    }

    private static String page(Path... folders) {
        return new Report(suite).page(List.of(folders), Optional.of(REFERENCE));
    }

    private static String pageWith(Path reference, Path results) {
        return new Report(suite).page(List.of(results), Optional.of(reference));
    }

    private static List<String> sections(String page) {
        return SECTION.matcher(page).results().map(match -> match.group(1)).toList();
    }

    private static String section(String page, String id) {
        int start = page.indexOf("<section id=\"" + id + "\">");
        assertThat(start).as("section %s", id).isNotNegative();
        return page.substring(start, page.indexOf("</section>", start));
    }

    private static List<String> row(String page, String section, String name) {
        return row(section(page, section), name);
    }

    /** The first row of a table that begins with the name. */
    private static List<String> row(String section, String name) {
        return rows(section).stream()
                .filter(row -> row.getFirst().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No row of " + name));
    }

    private static List<List<String>> rows(String section) {
        List<List<String>> rows = new ArrayList<>();
        ROW.matcher(section).results().forEach(row -> rows.add(
                CELL.matcher(row.group(1)).results().map(cell -> cell.group(1)).toList()));
        return rows;
    }

    private static int count(String page, String what) {
        return page.split(Pattern.quote(what), -1).length - 1;
    }
}
