package org.bame.datasets;

import java.util.Objects;

/**
 * One file that a data set was read from (for generated data one generated part; for folders of many image files one
 * part, whose digest is over names and sizes).
 *
 * @param name file name without its folder
 * @param sha256 SHA-256, 64 lower-case hexadecimal digits
 * @param verdict what is known about its origin
 */
public record SourceFile(String name, String sha256, Verdict verdict) {

    /** Checks the digest's form. */
    public SourceFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(verdict, "verdict");
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("A SHA-256 has 64 lower-case hexadecimal digits, got \"" + sha256
                    + "\" for " + name + ".");
        }
    }
}
