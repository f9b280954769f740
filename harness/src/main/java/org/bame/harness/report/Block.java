package org.bame.harness.report;

import java.util.List;
import org.bame.harness.report.plot.Plot;

/** A part of a section. */
sealed interface Block {

    /** Begins what belongs together. */
    record Heading(String text) implements Block {}

    /** A sentence or two. */
    record Note(String text) implements Block {}

    /**
     * Plots beside each other, with what they share.
     *
     * @param plots at least one
     * @param caption what is seen; executed or simulated, where, and how often measured
     * @param numbers behind the plots
     */
    record Figure(List<Plot> plots, String caption, List<Table> numbers) implements Block {}

    /** Numbers that are shown at once. */
    record Numbers(Table table) implements Block {}

    /** What is shown on demand. */
    record Folded(String summary, List<Block> blocks) implements Block {}
}
