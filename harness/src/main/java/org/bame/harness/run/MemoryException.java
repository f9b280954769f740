package org.bame.harness.run;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.bame.harness.environment.MemoryProbe;

/** A run needs more memory than Java may have; the message says what to do. */
public final class MemoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final double MIB = 1L << 20;

    /** @param cause what could not be had */
    public MemoryException(OutOfMemoryError cause) {
        super(String.format(
                Locale.ROOT,
                "out of memory (%s): Java may have %,.0f MiB, and the machine has %,.0f MiB. Use a smaller batch or network, or give"
                        + " Java more, as in BAME_JAVA_OPTS=-Xmx8g ./bame ...",
                cause.getMessage(),
                Runtime.getRuntime().maxMemory() / MIB,
                MemoryProbe.physicalBytes() / MIB), cause);
    }

    /** If memory that could not be had is behind a failure: Deeplearning4j wraps what its layers throw. */
    public static Optional<MemoryException> behind(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(OutOfMemoryError.class::isInstance)
                .findFirst()
                .map(cause -> new MemoryException((OutOfMemoryError) cause));
    }
}
