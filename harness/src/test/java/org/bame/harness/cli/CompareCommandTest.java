package org.bame.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command on the published results. */
class CompareCommandTest {

    private static final String KERNELS = "../results/kernels";
    private static final String CONTROL = "../results/synthetic10-control";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void aFolderIsNoRegressionOfItself() {
        assertThat(execute("compare", KERNELS, KERNELS)).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("Nothing is worse beyond 0.5 points, 5.0 %.")
                .containsPattern("kernels.csv +speedup_vs_peer +0 +0 +\\d+ +0\\b")
                .doesNotContain("environments differ");
    }

    @Test
    void slowerKernelsAreARegression() throws IOException {
        Path slower = scaledKernels(1.3);
        Path csv = folder.resolve("comparison.csv");

        assertThat(execute("compare", KERNELS, slower.toString(), "--csv", csv.toString()))
                .isEqualTo(ExitCode.REGRESSION);

        assertThat(out.toString())
                .containsPattern(
                        "worse +geometric mean simd512 notes forward 1:4 threads 2 +median_nanos +6 .*\\+30.00 %")
                .containsPattern("\\d+ more changed \\(--all, --csv FILE\\)")
                .containsPattern("onednn-3.13.0, a yardstick and not judged, changed by \\+30.0 %")
                .containsPattern("\\d+ of \\d+ are worse beyond 0.5 points, 5.0 %");
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines.getFirst()).startsWith("schema,file,subject,measure,count,before,after,change,change_low,");
        assertThat(lines)
                .filteredOn(line -> line.contains(",median_nanos,"))
                .hasSizeGreaterThan(100)
                .allSatisfy(line -> assertThat(line).containsPattern(",(worse|inconclusive),"));
        assertThat(execute("compare", slower.toString(), KERNELS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void toleranceAndMeasuresDecideWhatIsARegression() throws IOException {
        String slower = scaledKernels(1.3).toString();

        assertThat(execute("compare", KERNELS, slower, "--tolerance-percent", "40")).isEqualTo(ExitCode.OK);
        assertThat(execute("compare", KERNELS, slower, "--measures", "speedup_vs_dense,speedup_vs_peer"))
                .isEqualTo(ExitCode.OK);
        assertThat(execute("compare", KERNELS + "/kernels.csv", slower + "/kernels.csv"))
                .isEqualTo(ExitCode.REGRESSION);
    }

    @Test
    void methodsOfAFolderAreShownAndNoRegression() {
        assertThat(execute("compare", CONTROL, "--methods", "dense,static", "--table", "markdown"))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("| verdict | what | measure | n | dense | other | change | interval | why |")
                .contains(
                        "| worse | synthetic10/resnet8/quick static 1:16 over dense | final_top1 | 3 | 84.5 % | 74.5 % |")
                .contains("train_ratio_paper");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "results|two folders, or one and at least two --methods",
                "results --methods dense|one folder and one method",
                "results results --measures top1|final_top1, final_loss",
                "results results --measures final_top|Did you mean 'final_top1'?",
                "results results --tolerance-percent -1|got -1.0, expected a number of at least 0",
                "results results --tolerance-points NaN|got NaN, expected a number of at least 0",
                "../results/nowhere ../results/kernels|expected a results folder",
                "../results/kernels ../results/steps|Nothing to compare",
                "../results/synthetic10-control --methods dense,statik|Did you mean 'static'?",
                "../results/kernels ../results/kernels ../results/steps|Unmatched argument"
            })
    void mistakesAreTold(String arguments, String told) {
        assertThat(execute(("compare " + arguments).split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(told);
    }

    @Test
    void aDamagedFileIsAMistake() throws IOException {
        Path copy = scaledKernels(1);
        Files.writeString(copy.resolve("kernels.csv"), Files.readString(copy.resolve("kernels.csv")) + "4,x\r\n");

        assertThat(execute("compare", KERNELS, copy.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("kernels.csv, line ").contains("got 2 fields, expected 20");
    }

    /** The published kernels, their medians multiplied. */
    private Path scaledKernels(double factor) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("scaled"));
        Files.copy(Path.of(KERNELS, "environments.csv"), copy.resolve("environments.csv"));
        List<String> lines = Files.readAllLines(Path.of(KERNELS, "kernels.csv"));
        int column = Arrays.asList(lines.getFirst().split(",")).indexOf("median_nanos");
        List<String> scaled = lines.stream().skip(1).map(line -> {
            String[] fields = line.split(",", -1);
            fields[column] = String.valueOf(factor * Double.parseDouble(fields[column]));
            return String.join(",", fields);
        }).toList();
        Files.writeString(copy.resolve("kernels.csv"), lines.getFirst() + "\r\n" + String.join("\r\n", scaled)
                + "\r\n");
        return copy;
    }

    private int execute(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
    }
}
