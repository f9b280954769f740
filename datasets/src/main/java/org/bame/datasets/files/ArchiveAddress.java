package org.bame.datasets.files;

import java.net.URI;
import java.util.Objects;

/**
 * A {@code .tar.gz} archive on the network.
 *
 * @param uri where it is, http or https
 * @param md5 MD5 of its bytes, 32 lower-case hexadecimal digits
 */
public record ArchiveAddress(URI uri, String md5) {

    /** Checks the checksum's form. */
    public ArchiveAddress {
        Objects.requireNonNull(uri, "uri");
        if (!md5.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("An MD5 has 32 lower-case hexadecimal digits, got \"" + md5 + "\".");
        }
    }

    /** The last part of the address, for example {@code cifar-10-binary.tar.gz}. */
    public String fileName() {
        String path = uri.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
