package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;
import static org.bame.kernel.PanelProducts.COLUMN_BYTES;
import static org.bame.kernel.PanelProducts.ROWS;

/**
 * Moves one head's queries, keys or values, of one vector of images, between activations and the panels of
 * {@link PanelProducts}. In the activations they are strewn: neighbouring tokens a large power of two apart, which uses
 * few sets of a cache; in panels they are contiguous in the order of the products.
 *
 * @param window whose tokens they are
 * @param features features of a head
 * @param widthBytes distance of channels in the activations
 */
record HeadPanels(AttentionWindow window, int features, int widthBytes) {
    /** Tokens of the window. */
    int tokens() {
        return window.tokens();
    }

    /** Panels with tokens as rows. */
    int tokenPanels() {
        return PanelProducts.panels(tokens());
    }

    /** Panels with features as rows. */
    int featurePanels() {
        return PanelProducts.panels(features);
    }

    /** Bytes of a panel of four tokens: a column a feature, up to a multiple of four. */
    long tokenPanelBytes() {
        return featurePanels() * ROWS * COLUMN_BYTES;
    }

    /** Bytes of a panel of four features: a column a token, up to a multiple of four. */
    long featurePanelBytes() {
        return tokenPanels() * ROWS * COLUMN_BYTES;
    }

    /** Bytes of all tokens and features. */
    long bytes() {
        return tokenPanels() * tokenPanelBytes();
    }

    /**
     * Packs some tokens as rows; rows and columns that are missing to multiples of four become 0.
     *
     * @param from the image's first token's first feature
     * @param step bytes from token to token of an image
     * @param first the window's first token to pack
     * @param mask one vector of bits: lanes that it drops become 0
     */
    void pack(long from, long step, int first, int count, float factor, long mask, long to) {
        int missing = featurePanels() * ROWS - features;
        for (int token = 0; token < PanelProducts.panels(count) * ROWS; token++) {
            long row = row(to, token);
            if (token < count) {
                long at = at(from, step, first + token);
                AttentionLoops.copy(at, widthBytes, features, factor, mask, row, COLUMN_BYTES);
                AttentionLoops.fill(row + features * COLUMN_BYTES, COLUMN_BYTES, missing, 0);
            } else {
                AttentionLoops.fill(row, COLUMN_BYTES, features + missing, 0);
            }
        }
    }

    /** Writes all rows of a token panel matrix back. */
    void unpack(long from, float factor, long mask, long to, long step) {
        for (int token = 0; token < tokens(); token++) {
            AttentionLoops.copy(row(from, token), COLUMN_BYTES, features, factor, mask,
                    at(to, step, token), widthBytes);
        }
    }

    /** Address of what belongs to one of the window's tokens. */
    long at(long image, long step, int token) {
        return image + window.pixel(token) * step;
    }

    /** Makes of tokens as rows features as rows. */
    void transposeAll(long from, long to) {
        transpose(from, tokenPanels(), tokenPanelBytes(), featurePanels(), to, featurePanelBytes());
    }

    /** Address of a token's row. */
    long row(long matrix, int token) {
        return matrix + token / ROWS * tokenPanelBytes() + (long) token % ROWS * VECTOR_BYTES;
    }

    /** Transposes a matrix of so many panels and fours of columns. */
    static void transpose(long from, int panels, long fromStep, int fours, long to, long toStep) {
        for (int panel = 0; panel < panels; panel++) {
            for (int four = 0; four < fours; four++) {
                AttentionLoops.transpose(
                        from + panel * fromStep + four * ROWS * COLUMN_BYTES,
                        to + four * toStep + panel * ROWS * COLUMN_BYTES);
            }
        }
    }
}
