package org.bame.datasets;

import java.util.Objects;

/**
 * A stretch of text, cut into windows of {@link #length} characters side by side. Of each character the one behind it is
 * to be predicted. Ids are those of a {@link CharacterVocabulary}. Immutable, and safe to read from several threads.
 */
public final class TextWindows {

    private final char[] ids;
    private final int from;
    private final int to;
    private final int length;
    private final int size;

    private TextWindows(char[] ids, int from, int to, int length, int size) {
        this.ids = ids;
        this.from = from;
        this.to = to;
        this.length = length;
        this.size = size;
    }

    /**
     * Windows to train on: only whole ones, and one fewer than there is room for, so that the first may begin anywhere
     * in the first window's place ({@link #slack}).
     *
     * @param ids the whole text; not copied, and not to be written to afterwards
     * @param from first character of the stretch
     * @param to one past its last character
     * @param length characters of a window, at least 1
     * @throws IllegalArgumentException if the stretch has fewer than {@code 2 * length} characters
     */
    public static TextWindows forTraining(char[] ids, int from, int to, int length) {
        requireCharacters(ids, from, to, length, 2L * length);
        return new TextWindows(ids, from, to, length, (to - from) / length - 1);
    }

    /**
     * Windows to measure on: each character but the first is predicted once. The last window overlaps the one before it if
     * {@code length} does not divide their number, and counts only what is new ({@link #skipped}).
     *
     * @param ids the whole text; not copied, and not to be written to afterwards
     * @param from first character of the stretch
     * @param to one past its last character
     * @param length characters of a window, at least 1
     * @throws IllegalArgumentException if the stretch has fewer than {@code length + 1} characters
     */
    public static TextWindows forEvaluation(char[] ids, int from, int to, int length) {
        requireCharacters(ids, from, to, length, length + 1L);
        return new TextWindows(ids, from, to, length, Math.ceilDiv(to - from - 1, length));
    }

    private static void requireCharacters(char[] ids, int from, int to, int length, long least) {
        Objects.checkFromToIndex(from, to, ids.length);
        if (length < 1 || to - from < least) {
            throw new IllegalArgumentException("%,d characters for windows of %,d, expected at least %,d."
                    .formatted(to - from, length, least));
        }
    }

    /** Characters of a window. */
    public int length() {
        return length;
    }

    /** Number of windows. */
    public int size() {
        return size;
    }

    /** Number of characters to be predicted in all windows together. */
    public long predictions() {
        return (long) size * length - skipped(size - 1, 0);
    }

    /** How many characters all windows may be shifted by; 0 if they cover the stretch. */
    public int slack() {
        return Math.max(0, to - from - 1 - size * length);
    }

    /**
     * Copies a window and what is to be predicted of it.
     *
     * @param window its index
     * @param shift 0 to {@link #slack()}
     * @param read receives {@code length} ids
     * @param predicted receives the ids of the characters behind each of these; -1 for those that do not count
     * @param offset first position written in both
     */
    public void copy(int window, int shift, float[] read, int[] predicted, int offset) {
        Objects.checkIndex(window, size);
        Objects.checkIndex(shift, slack() + 1);
        int skipped = skipped(window, shift);
        int start = from + window * length + shift - skipped;
        for (int at = 0; at < length; at++) {
            read[offset + at] = ids[start + at];
            predicted[offset + at] = at < skipped ? -1 : ids[start + at + 1];
        }
    }

    /** How many characters a window that would go beyond the end reads a second time; they are not predicted again. */
    private int skipped(int window, int shift) {
        return Math.max(0, window * length + shift - (to - from - 1 - length));
    }

    /**
     * The first windows, on no more text than they need: those for training may still be shifted by less than a window.
     *
     * @param count how many, 1 to {@link #size()}
     */
    public TextWindows first(int count) {
        if (count < 1 || count > size) {
            throw new IllegalArgumentException("Cannot take the first " + count + " of " + size + " windows.");
        }
        if (count == size) {
            return this;
        }
        int end = from + count * length + 1 + Math.min(slack(), length - 1);
        return new TextWindows(ids, from, Math.min(to, end), length, count);
    }
}
