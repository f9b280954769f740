package org.bame.datasets;

/** What the samples of a data set are, and what a network reads. */
public enum Modality {
    /** Images with one label each. */
    IMAGES("images"),
    /** Sequences of characters, each to be predicted from those before it. */
    TEXT("text");

    private final String noun;

    Modality(String noun) {
        this.noun = noun;
    }

    /** For messages: {@code images} or {@code text}. */
    @Override
    public String toString() {
        return noun;
    }
}
