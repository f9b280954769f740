package org.bame.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextWindowsTest {

    /** Each character is its own position, so that what a window reads says where it lies. */
    private static char[] positions(int count) {
        char[] ids = new char[count];
        for (int at = 0; at < count; at++) {
            ids[at] = (char) at;
        }
        return ids;
    }

    private record Window(float[] read, int[] predicted) {
        static Window of(TextWindows windows, int index, int shift) {
            Window window = new Window(new float[windows.length()], new int[windows.length()]);
            windows.copy(index, shift, window.read, window.predicted, 0);
            return window;
        }
    }

    @Test
    void aWindowIsFollowedByWhatItPredicts() {
        TextWindows windows = TextWindows.forTraining(positions(100), 10, 60, 8);

        Window window = Window.of(windows, 2, 3);

        assertThat(window.read).containsExactly(29, 30, 31, 32, 33, 34, 35, 36);
        assertThat(window.predicted).containsExactly(30, 31, 32, 33, 34, 35, 36, 37);
    }

    @ParameterizedTest
    @CsvSource({"16, 8, 1", "17, 8, 1", "23, 8, 1", "24, 8, 2", "50, 8, 5", "2, 1, 1"})
    void trainingWindowsFitWithEveryShift(int characters, int length, int size) {
        TextWindows windows = TextWindows.forTraining(positions(characters), 0, characters, length);

        assertThat(windows.size()).isEqualTo(size);
        assertThat(windows.slack()).isGreaterThanOrEqualTo(length - 1);
        int[] lastPredicted = Window.of(windows, size - 1, windows.slack()).predicted;
        assertThat(lastPredicted[length - 1]).isEqualTo(characters - 1);
        assertThat(Window.of(windows, 0, 0).read[0]).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Window.of(windows, 0, windows.slack() + 1));
    }

    @ParameterizedTest
    @CsvSource({"9, 8, 1", "10, 8, 2", "17, 8, 2", "18, 8, 3", "57, 8, 7", "60, 7, 9", "5, 1, 4"})
    void evaluationPredictsEachCharacterButTheFirstOnce(int characters, int length, int size) {
        TextWindows windows = TextWindows.forEvaluation(positions(characters + 20), 20, characters + 20, length);

        assertThat(windows.size()).isEqualTo(size);
        assertThat(windows.slack()).isZero();
        int[] counted = IntStream.range(0, size)
                .flatMap(window -> Arrays.stream(Window.of(windows, window, 0).predicted))
                .filter(id -> id >= 0)
                .toArray();
        assertThat(counted).containsExactly(IntStream.range(21, characters + 20).toArray());
        assertThat(windows.predictions()).isEqualTo(counted.length);
        for (int window = 0; window < size; window++) {
            Window own = Window.of(windows, window, 0);
            for (int at = 0; at < length; at++) {
                assertThat(own.predicted[at]).isIn(-1, (int) own.read[at] + 1);
            }
        }
    }

    @Test
    void theFirstWindowsUseNoMoreTextThanTheyNeed() {
        char[] ids = positions(100);
        TextWindows train = TextWindows.forTraining(ids, 0, 90, 8).first(3);
        assertThat(train.size()).isEqualTo(3);
        assertThat(train.slack()).isEqualTo(7);
        assertThat(Window.of(train, 2, 7).predicted[7]).isEqualTo(31);

        TextWindows test = TextWindows.forEvaluation(ids, 0, 30, 8).first(2);
        assertThat(test.predictions()).isEqualTo(16);
        TextWindows all = TextWindows.forEvaluation(ids, 0, 30, 8).first(4);
        assertThat(all.predictions()).isEqualTo(29);
        assertThatIllegalArgumentException().isThrownBy(() -> train.first(4));
    }

    @Test
    void tooFewCharactersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextWindows.forTraining(positions(15), 0, 15, 8))
                .withMessageContaining("15 characters for windows of 8, expected at least 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextWindows.forEvaluation(positions(8), 0, 8, 8))
                .withMessageContaining("expected at least 9");
    }
}
