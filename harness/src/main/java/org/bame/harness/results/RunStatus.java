package org.bame.harness.results;

import java.util.Locale;

/** How a run ended. */
public enum RunStatus {
    /** All epochs were trained. */
    FINISHED,
    /** The loss became infinite or no number, and the run was ended there. */
    DIVERGED,
    /** What ran was not what the method or the kernels say they do, and the run was ended there. */
    FAILED;

    /** The value in CSV files. */
    public String columnValue() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads what {@link #columnValue} wrote. */
    public static RunStatus parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
