package org.bame.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    private static final String RUNS =
            "schema,environment_id,run_id,workload,data_set,network,method,pattern,seed,final_top1,status\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void writesThePage() throws IOException {
        runs("1,e,r1,w,toy,resnet8,sr-ste,1:4,1,0.5,finished\n");
        Path page = folder.resolve("page.html");

        assertThat(execute(folder.toString(), "--out", page.toString())).as("%s", err).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains(page.toString());
        assertThat(page).content().startsWith("<!DOCTYPE html>").contains("sr-ste");
    }

    @Test
    void aFolderWithNothingIsAMistakeWithARemedy() {
        assertThat(execute(folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(folder.toString(), "got no rows to show", "Give the folder");
    }

    @Test
    void allThatAreNoFoldersAreTold() {
        Path missing = folder.resolve("missing");
        Path other = folder.resolve("other");

        assertThat(execute(missing.toString(), other.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 mistakes", missing.toString(), other.toString(), "a results folder");
    }

    @Test
    void aDamagedFileIsAMistakeThatSaysWhere() throws IOException {
        runs("1,e,r1,w,toy,resnet8,sr-ste,1:4,1,many,finished\n");

        assertThat(execute(folder.toString(), "--out", folder.resolve("page.html").toString())).isEqualTo(
                ExitCode.USAGE);
        assertThat(err.toString()).contains("runs.csv, line 2", "got 'many' in column final_top1", "Repair");
        assertThat(folder.resolve("page.html")).doesNotExist();
    }

    @Test
    void aPageThatCannotBeWrittenIsAMistake() throws IOException {
        runs("1,e,r1,w,toy,resnet8,sr-ste,1:4,1,0.5,finished\n");

        assertThat(execute(folder.toString(), "--out", folder.resolve("no/page.html").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Cannot write", "--out");
    }

    @Test
    void withoutAFolderThereIsNothingToDo() {
        assertThat(execute()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("DIR");
    }

    private void runs(String rows) throws IOException {
        Files.writeString(folder.resolve("runs.csv"), RUNS + rows);
    }

    private int execute(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "report";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Main.commandLine(new PrintWriter(out), new PrintWriter(err)).execute(command);
    }
}
