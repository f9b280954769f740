package org.bame.harness.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedFileTest {

    private static final String HEADER =
            "schema,environment_id,started_at,data_set,augmentation,image_size,batch,threads,x\n";
    private static final String ROW = "1,e,t,toy,none,32,64,2,1.5\n";

    @TempDir
    private Path folder;

    @Test
    void findsFieldsByTheNamesOfTheirColumns() throws IOException {
        RecordedRow row = rows(HEADER + ROW).getFirst();

        assertThat(row.text("data_set")).isEqualTo("toy");
        assertThat(row.number("x")).isEqualTo(1.5);
        assertThat(row.text("images_per_second")).isEmpty();
        assertThat(row.number("images_per_second")).isNaN();
        assertThat(row.line()).isEqualTo(2);
    }

    @Test
    void leavesTheFolderAsItIs() throws IOException {
        rows(HEADER + ROW);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("data.csv"));
        }
    }

    @Test
    void aFileThatIsNotThereHasNoRows() {
        assertThat(RecordedFile.read(DataRow.TABLE, folder)).isEmpty();
    }

    @Test
    void passesOverATornLastLine() throws IOException {
        assertThat(rows(HEADER + ROW + "1,e,t,to")).hasSize(1);
    }

    @Test
    void refusesDamage() throws IOException {
        refused(HEADER + "1,e,t\n" + ROW, "data.csv, line 2", "got 3 fields, expected 9", "Repair");
        refused(HEADER + "9,e,t,toy,none,32,64,2,1\n", "line 2", "got schema 9, expected at most 4", "newer");
        refused("schema,environment_id\n1,e\n", "got no column started_at", "Repair");
        refused("", "got no column");
        refused(HEADER + "1,e,t,\"toy\n" + ROW, "Cannot read", "repair");
    }

    @Test
    void refusesWhatIsNoNumber() throws IOException {
        RecordedRow row = rows(HEADER + ROW).getFirst();

        assertThatThrownBy(() -> row.number("data_set"))
                .isInstanceOf(ResultsException.class)
                .hasMessageContainingAll("data.csv, line 2", "got 'toy' in column data_set, expected a number",
                        "Repair");
    }

    private void refused(String content, String... message) {
        assertThatThrownBy(() -> rows(content)).isInstanceOf(ResultsException.class).hasMessageContainingAll(message);
    }

    private List<RecordedRow> rows(String content) throws IOException {
        Files.writeString(folder.resolve("data.csv"), content);
        return RecordedFile.read(DataRow.TABLE, folder);
    }
}
