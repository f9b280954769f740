package org.bame.harness.sweep;

import java.util.List;

/**
 * A sweep ready to run.
 *
 * @param name of its file without folder and ending
 * @param description one line
 * @param runs in the order they are trained
 */
public record Sweep(String name, String description, List<RunSpec> runs) {

    /** Takes an unmodifiable copy. */
    public Sweep {
        runs = List.copyOf(runs);
    }
}
