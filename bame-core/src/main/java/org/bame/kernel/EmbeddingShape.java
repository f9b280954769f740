package org.bame.kernel;

/**
 * What the start of a transformer does to extents: patches become a row of tokens in the order of memory (columns slowest,
 * see {@link FeatureShape}), perhaps behind a class token.
 *
 * @param patches extents of the patches' features
 * @param classToken whether a learned token stands before them
 */
public record EmbeddingShape(FeatureShape patches, boolean classToken) {
    /** Tokens of an image. */
    public int tokens() {
        return patches.pixels() + firstPatch();
    }

    /** Token of the first patch. */
    int firstPatch() {
        return classToken ? 1 : 0;
    }

    /** Extents of the tokens: height counts them. */
    public FeatureShape output() {
        return new FeatureShape(patches.channels(), tokens(), 1);
    }

    /** Numbers of the position embedding, {@code [token][channel]}. */
    public int positions() {
        return tokens() * patches.channels();
    }

    /** Checks the parameters, or their gradients. */
    void check(ElementType type, Storage token, Storage position) {
        if (classToken) {
            Checks.storage("The class token", token, type, patches.channels());
        } else if (token != null) {
            throw new IllegalArgumentException("Got a class token, expected null: the shape has none");
        }
        Checks.storage("The position embedding", position, type, positions());
    }
}
