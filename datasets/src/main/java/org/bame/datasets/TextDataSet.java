package org.bame.datasets;

import java.util.Objects;

/**
 * A text ready for training.
 *
 * @param name the name users type
 * @param train windows to learn from
 * @param test windows to measure on, of the same length
 * @param vocabulary the characters of both
 * @param provenance where the bytes came from
 */
public record TextDataSet(
        String name,
        TextWindows train,
        TextWindows test,
        CharacterVocabulary vocabulary,
        DataProvenance provenance)
        implements
            DataSet {

    /** Checks that the parts belong together. */
    public TextDataSet {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(vocabulary, "vocabulary");
        Objects.requireNonNull(provenance, "provenance");
        if (train.length() != test.length()) {
            throw new IllegalArgumentException("Train and test of " + name + " must agree, got windows of "
                    + train.length() + " and of " + test.length() + " characters.");
        }
    }

    /** Characters of a window. */
    public int length() {
        return train.length();
    }

    @Override
    public int trainSize() {
        return train.size();
    }

    @Override
    public int classes() {
        return vocabulary.size();
    }
}
