package org.bame.datasets.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bame.datasets.CharacterVocabulary;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.SourceFile;
import org.bame.datasets.TextDataSet;
import org.bame.datasets.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    private static final Text SHORT = new Text(4);

    @TempDir
    private Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("input.txt"), text);
    }

    private static TextDataSet load(Path dataDir) {
        return SHORT.load(DataRequest.offline(dataDir));
    }

    @Test
    void charactersBeyondTheBasicPlaneAreOneEach() throws IOException {
        // 60 characters; U+1F600 is two chars of Java and four bytes.
        String sentence = "z\u00e9\u4e2d\uD83D\uDE00a\n";
        write(sentence.repeat(10));

        TextDataSet data = load(folder);

        CharacterVocabulary vocabulary = data.vocabulary();
        assertThat(vocabulary.size()).isEqualTo(6);
        assertThat(data.classes()).isEqualTo(6);
        assertThat(List.of(0, 1, 2, 3, 4, 5)).extracting(vocabulary::codePoint)
                .containsExactly((int) '\n', (int) 'a', (int) 'z', 0xe9, 0x4e2d, 0x1F600);
        float[] read = new float[4];
        int[] predicted = new int[4];
        data.train().copy(0, 0, read, predicted, 0);
        assertThat(read).containsExactly(2, 3, 4, 5);
        assertThat(predicted).containsExactly(3, 4, 5, 1);
        // 54 and 6 characters.
        assertThat(data.train().size()).isEqualTo(54 / 4 - 1);
        assertThat(data.test().predictions()).isEqualTo(5);
    }

    @Test
    void nineTenthsAreForTrainingAndTheTestBeginsBehindThem() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < 95; at++) {
            text.append((char) (0x100 + at));
        }
        write(text.toString());

        TextDataSet data = load(folder);

        float[] read = new float[4];
        int[] predicted = new int[4];
        data.test().copy(0, 0, read, predicted, 0);
        // floor(0.9 * 95) = 85
        assertThat(read).containsExactly(85, 86, 87, 88);
        data.train().copy(data.train().size() - 1, data.train().slack(), read, predicted, 0);
        assertThat(predicted).containsExactly(81, 82, 83, 84);
    }

    @Test
    void aFileAFolderAndTinyShakespearesFolderAreFound() throws IOException {
        Path file = write("abcdefgh".repeat(10));
        assertThat(load(file).vocabulary()).isEqualTo(load(folder).vocabulary());
        Path other = Files.createDirectory(folder.resolve("tinyshakespeare"));
        Files.writeString(other.resolve("input.txt"), "xyz".repeat(20));
        assertThat(load(folder).classes()).isEqualTo(3);
        assertThat(load(other).classes()).isEqualTo(3);
    }

    @Test
    void aTextOfYourOwnIsMarked() throws IOException {
        Path file = write("abcdefgh".repeat(10));
        List<String> messages = new ArrayList<>();
        TextDataSet data = SHORT.load(new DataRequest(Optional.of(file), false, messages::add));

        assertThat(data.provenance().description()).isEqualTo("a text of your own, 80 characters, 8 different ones");
        assertThat(data.provenance().files()).singleElement().satisfies(source -> {
            assertThat(source.name()).isEqualTo("input.txt");
            assertThat(source.verdict()).isEqualTo(Verdict.UNKNOWN);
        });
        assertThat(messages).singleElement().asString().contains(file.toString(), "same text");
    }

    @Test
    void whatIsMissingIsNamedWithTheRemedy() {
        refused(folder, "No text in " + folder, "tinyshakespeare/input.txt", "raw.githubusercontent.com", "--data-dir");
    }

    @Test
    void emptyAndShortFilesAreRefused() throws IOException {
        write("");
        refused(folder, "input.txt is empty", "--data-dir");
        write("a".repeat(40));
        refused(folder, "has 40 characters, expected at least 41", "a window of 4");
        write("a".repeat(41));
        assertThat(load(folder).test().size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        // An ISO-8859-1 e with acute, a lone continuation byte, a surrogate, a sequence cut off by the end of the file.
        "e9, 45, 9", "80, 45, 9", "eda080, 45, 9", "f09f98, 45, 9", "c0af, 45, 9"
    })
    void malformedBytesAreFound(String bytes, int at, int line) throws IOException {
        byte[] good = "word\n".repeat(9).getBytes(StandardCharsets.UTF_8);
        byte[] bad = HexFormat.of().parseHex(bytes);
        byte[] all = new byte[good.length + bad.length];
        System.arraycopy(good, 0, all, 0, good.length);
        System.arraycopy(bad, 0, all, good.length, bad.length);
        Files.write(folder.resolve("input.txt"), all);
        refused(
                folder,
                "is not UTF-8: byte " + at + " (line " + (line + 1) + ") is 0x" + bytes.substring(0, 2).toUpperCase(
                        Locale.ROOT),
                "iconv");
    }

    @Test
    void moreCharactersThanIdsAreRefused() throws IOException {
        StringBuilder text = new StringBuilder();
        // 65,537 different ones, none of them a surrogate.
        for (int character = 0; character <= CharacterVocabulary.MAX_SIZE; character++) {
            text.appendCodePoint(0x10000 + character);
        }
        write(text.toString());
        refused(folder, "65,537 characters, expected 1 to 65,536", "fewer scripts");
        write(text.substring(2));
        TextDataSet most = load(folder);
        assertThat(most.classes()).isEqualTo(CharacterVocabulary.MAX_SIZE);
        float[] read = new float[4];
        int last = most.test().size() - 1;
        most.test().copy(last, 0, read, new int[4], 0);
        assertThat(read).containsExactly(65531, 65532, 65533, 65534);
    }

    private static void refused(Path dataDir, String... parts) {
        assertThatExceptionOfType(DataSetException.class)
                .isThrownBy(() -> load(dataDir))
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    @Test
    void aVocabularyRefusesOtherCharacters() {
        CharacterVocabulary vocabulary = CharacterVocabulary.of("abc".codePoints().toArray());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vocabulary.encode("abd".codePoints().toArray()))
                .withMessageContaining("U+0064 at position 2");
    }

    /** nanoGPT's prepare.py prints 65, 1,003,854 and 111,540 of this file. */
    @Test
    void tinyShakespeareIsWhatItIs() {
        Path root = DataRequest.standard(message -> {}).root();
        assumeThat(root.resolve("tinyshakespeare").resolve("input.txt")).exists();

        TextDataSet data = new Text().load(DataRequest.offline(root));

        assertThat(data.classes()).isEqualTo(Text.SHAKESPEARE_CHARACTERS);
        assertThat(data.train().size()).isEqualTo(Text.SHAKESPEARE_WINDOWS).isEqualTo(1_003_854 / 128 - 1);
        assertThat(data.test().predictions()).isEqualTo(111_539);
        assertThat(data.test().size()).isEqualTo(872);
        assertThat(data.vocabulary().codePoint(0)).isEqualTo('\n');
        assertThat(data.vocabulary().codePoint(64)).isEqualTo('z');
        StringBuilder beginning = new StringBuilder();
        float[] read = new float[128];
        data.train().copy(0, 0, read, new int[128], 0);
        for (float id : read) {
            beginning.appendCodePoint(data.vocabulary().codePoint((int) id));
        }
        assertThat(beginning).startsWith("First Citizen:\nBefore we proceed any further, hear me speak.");
        assertThat(data.provenance().description()).startsWith("Tiny Shakespeare, 1,115,394 characters");
        assertThat(data.provenance().files()).extracting(SourceFile::verdict).containsExactly(Verdict.KNOWN_VARIANT);
        assertThat(data.provenance().warnings()).isEmpty();
    }
}
