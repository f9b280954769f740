package org.bame.harness.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bame.harness.results.ResultsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsSourceTest {

    private static final String HEADER = "run_id,workload,method,pattern,seed,status,final_top1\n";

    @TempDir
    private Path folder;

    /** The published folders, of schemas 1, 2 and 4. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cifar10-resnet20-10-epochs", "synthetic10-control", "methods-cifar10", "kernels", "steps", "scale",
                "data"
            })
    void aFolderComparedWithItselfIsEqual(String name) {
        ResultsSource source = ResultsSource.read(Path.of("..", "results", name));

        ComparisonReport report = ResultsComparison.of(source, source, ResultsFiles.options());

        assertThat(report.comparisons())
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.reason()).isIn("identical", ""))
                .allSatisfy(one -> assertThat(one.verdict().word()).isEqualTo("equal"));
        assertThat(report.onlyFirst()).isEmpty();
        assertThat(report.environment()).isEmpty();
    }

    @Test
    void aFileOfAnyNameIsKnownByItsColumns() throws IOException {
        Path file = folder.resolve("old.csv");
        Files.writeString(file, HEADER + "r,w,m,1:4,1,finished,0.7\n");

        assertThat(ResultsSource.read(file).rows(ResultsKind.RUNS)).hasSize(1);
    }

    @Test
    void aLineThatIsBeingWrittenIsPassedOver() throws IOException {
        Path file = folder.resolve("runs.csv");
        Files.writeString(file, HEADER + "r,w,m,1:4,1,finished,0.7\nr2,w,m,1:");

        assertThat(ResultsSource.read(folder).rows(ResultsKind.RUNS)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r,w,m,1:4,1,finished|line 2: got 6 fields, expected 7",
                "r,w,m,1:4,1,finished,0.7,9|line 2: got 8 fields",
                "r,w,m,1:4,one,finished,0.7|line 2: got 'one' in column seed, expected a whole number",
                "r,w,m,1:4,1,finished,much|line 2: got 'much' in column final_top1, expected a number",
                "r,w,m,1:4,1,done,0.7|got status 'done'",
                "\"r,w,m,1:4,1,finished,0.7|is no CSV file"
            })
    void damagedRowsAreTold(String row, String told) throws IOException {
        Files.writeString(folder.resolve("runs.csv"), HEADER + row + "\n");

        assertThatThrownBy(() -> ResultsComparison.of(
                ResultsSource.read(folder), ResultsSource.read(folder), ResultsFiles.options()))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("runs.csv")
                .hasMessageContaining(told);
    }

    @Test
    void aTimeOfNothingIsDamage() {
        ResultsFiles files = new ResultsFiles(folder).kernel("s", 1000, "median_nanos=0");

        assertThatThrownBy(() -> ResultsComparison.of(files.source(), files.source(), ResultsFiles.options()))
                .hasMessageContaining("got '0' in column median_nanos, expected a finite number above 0");
    }

    @Test
    void whatHoldsNoResultsIsTold() throws IOException {
        assertThatThrownBy(() -> ResultsSource.read(folder.resolve("nowhere"))).hasMessageContaining("got nothing");
        assertThatThrownBy(() -> ResultsSource.read(folder)).hasMessageContaining("a folder without results");
        Path file = folder.resolve("other.csv");
        Files.writeString(file, "a,b\n1,2\n");
        assertThatThrownBy(() -> ResultsSource.read(file)).hasMessageContaining("got the columns a,b");
        Files.writeString(file, "");
        assertThatThrownBy(() -> ResultsSource.read(file)).hasMessageContaining("got no line");
        Files.writeString(file, "a,a\n");
        assertThatThrownBy(() -> ResultsSource.read(file)).hasMessageContaining("a column twice");
        Files.write(file, new byte[]{'a', (byte) 0xff, '\n'});
        assertThatThrownBy(() -> ResultsSource.read(file)).hasMessageContaining("no UTF-8");
        Files.writeString(folder.resolve("kernels.csv"), HEADER);
        assertThatThrownBy(() -> ResultsSource.read(folder)).hasMessageContaining("expected those of kernels.csv");
    }
}
