package org.bame.datasets.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bame.datasets.CharacterVocabulary;
import org.bame.datasets.DataProvenance;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.Modality;
import org.bame.datasets.SourceFile;
import org.bame.datasets.TextDataSet;
import org.bame.datasets.TextWindows;
import org.bame.datasets.Verdict;

/**
 * {@code text}: any UTF-8 file as a sequence of characters, the first nine tenths for training, the rest for testing, as in
 * nanoGPT. Usually Tiny Shakespeare (A. Karpathy, char-rnn, 2015).
 */
public final class Text implements DataSetFactory {

    /** The name users type. */
    public static final String NAME = "text";
    /** Characters of a window unless another number is asked for. */
    public static final int DEFAULT_LENGTH = 128;
    /** Different characters of Tiny Shakespeare. */
    public static final int SHAKESPEARE_CHARACTERS = 65;
    /** Training windows of {@link #DEFAULT_LENGTH} that Tiny Shakespeare gives. */
    public static final int SHAKESPEARE_WINDOWS = 7841;

    /** What to do without a text. */
    static final String REMEDY = "Tiny Shakespeare is at "
            + "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt; any other "
            + "UTF-8 file will do. Name the file, or the folder that holds it as input.txt, with --data-dir.";

    private static final String SHAKESPEARE_FOLDER = "tinyshakespeare";
    private static final String FILE = "input.txt";
    private static final String SHAKESPEARE_SHA256 = "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed";
    private static final int TENTHS = 10;

    private final int length;

    /** Windows of {@link #DEFAULT_LENGTH} characters. */
    public Text() {
        this(DEFAULT_LENGTH);
    }

    /**
     * Windows of another length.
     *
     * @param length characters of a window, at least 1: what a network sees at once
     */
    public Text(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("Windows have at least 1 character, got " + length + ".");
        }
        this.length = length;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return "the characters of a UTF-8 file in windows of " + length
                + ", 90 % to train on and 10 % to test; usually "
                + "Tiny Shakespeare, from a folder or as a file";
    }

    @Override
    public Modality modality() {
        return Modality.TEXT;
    }

    @Override
    public TextDataSet load(DataRequest request) {
        Path file = locate(request.root());
        Utf8File content = Utf8File.read(file);
        int[] characters = content.codePoints();
        requireLong(file, characters.length);
        CharacterVocabulary vocabulary = vocabulary(file, characters);
        char[] ids = vocabulary.encode(characters);
        int train = (int) ((TENTHS - 1L) * ids.length / TENTHS);
        DataProvenance provenance = provenance(file, content, vocabulary);
        provenance.warnings().forEach(warning -> request.progress().accept("Warning: " + warning));
        return new TextDataSet(
                NAME,
                TextWindows.forTraining(ids, 0, train, length),
                TextWindows.forEvaluation(ids, train, ids.length, length),
                vocabulary,
                provenance);
    }

    private static Path locate(Path root) {
        return Stream.of(root, root.resolve(SHAKESPEARE_FOLDER).resolve(FILE), root.resolve(FILE))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new DataSetException("No text in " + root + ": neither " + SHAKESPEARE_FOLDER + "/"
                        + FILE + " nor " + FILE + " is there. " + REMEDY));
    }

    /** The tenth for testing must hold a window and what is behind it. */
    private void requireLong(Path file, int characters) {
        long least = (long) TENTHS * length + 1;
        if (characters < least) {
            throw new DataSetException(
                    "%s has %,d characters, expected at least %,d, so that a tenth of them is more than "
                            .formatted(file, characters, least) + "a window of " + length + ". Give a longer text.");
        }
    }

    private static CharacterVocabulary vocabulary(Path file, int[] characters) {
        try {
            return CharacterVocabulary.of(characters);
        } catch (IllegalArgumentException e) {
            throw new DataSetException(file + " has too many different characters for one prediction to choose from: "
                    + e.getMessage() + " Give a text in fewer scripts.", e);
        }
    }

    private static DataProvenance provenance(Path file, Utf8File content, CharacterVocabulary vocabulary) {
        boolean shakespeare = content.sha256().equals(SHAKESPEARE_SHA256);
        String description = "%s, %,d characters, %,d different ones".formatted(
                shakespeare ? "Tiny Shakespeare" : "a text of your own",
                content.codePoints().length,
                vocabulary.size());
        Optional<String> warning = shakespeare
                ? Optional.empty()
                : Optional.of(file + " is not Tiny Shakespeare (SHA-256 " + content.sha256()
                        + "): losses compare only with those on the same text. Results are marked so.");
        Verdict verdict = shakespeare ? Verdict.KNOWN_VARIANT : Verdict.UNKNOWN;
        return new DataProvenance(
                description,
                List.of(new SourceFile(file.getFileName().toString(), content.sha256(), verdict)),
                warning.stream().toList());
    }
}
