package org.bame.datasets;

import java.util.Arrays;

/**
 * The characters of a text, each with an id: Unicode code points in ascending order, ids from 0. Immutable.
 */
public final class CharacterVocabulary {

    /** Ids are stored in 16 bits. */
    public static final int MAX_SIZE = 1 << Character.SIZE;

    private final int[] codePoints;

    private CharacterVocabulary(int[] codePoints) {
        this.codePoints = codePoints;
    }

    /**
     * The distinct characters of a text.
     *
     * @param text code points, in any order
     * @throws IllegalArgumentException if there is none, or there are more than {@link #MAX_SIZE} distinct ones
     */
    public static CharacterVocabulary of(int[] text) {
        int[] distinct = Arrays.stream(text).sorted().distinct().toArray();
        if (distinct.length == 0 || distinct.length > MAX_SIZE) {
            throw new IllegalArgumentException("A vocabulary of %,d characters, expected 1 to %,d."
                    .formatted(distinct.length, MAX_SIZE));
        }
        return new CharacterVocabulary(distinct);
    }

    /** Number of characters; ids are smaller than this. */
    public int size() {
        return codePoints.length;
    }

    /** The code point of an id. */
    public int codePoint(int id) {
        return codePoints[id];
    }

    /**
     * The ids of a text.
     *
     * @throws IllegalArgumentException if a character is none of this vocabulary
     */
    public char[] encode(int[] text) {
        char[] ids = new char[text.length];
        for (int at = 0; at < text.length; at++) {
            int id = Arrays.binarySearch(codePoints, text[at]);
            if (id < 0) {
                throw new IllegalArgumentException("Character U+%04X at position %,d is not among the %,d of this "
                        .formatted(text[at], at, codePoints.length) + "vocabulary.");
            }
            ids[at] = (char) id;
        }
        return ids;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharacterVocabulary that && Arrays.equals(that.codePoints, codePoints);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codePoints);
    }
}
