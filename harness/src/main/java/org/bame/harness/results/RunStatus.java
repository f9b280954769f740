package org.bame.harness.results;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

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

    /**
     * Reads what {@link #columnValue} wrote.
     *
     * @throws ResultsException if it is something else
     */
    public static RunStatus parse(String text) {
        return Arrays.stream(values())
                .filter(status -> status.columnValue().equals(text))
                .findFirst()
                .orElseThrow(() -> new ResultsException("runs.csv: got status '" + text + "', expected one of "
                        + Arrays.stream(values()).map(RunStatus::columnValue).collect(Collectors.joining(", "))
                        + ". Repair the row, or give another folder with --out."));
    }
}
