package org.bame.harness.compare;

import java.util.ArrayList;
import java.util.List;

/** What is found while files are compared, one after another. */
final class Findings {

    final List<Comparison> comparisons = new ArrayList<>();
    final List<String> onlyFirst = new ArrayList<>();
    final List<String> onlySecond = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    /** Rows of the first side that a comparison is made of. */
    final List<ResultsRow> usedOfFirst = new ArrayList<>();
    final List<ResultsRow> usedOfSecond = new ArrayList<>();

    void add(Findings others) {
        comparisons.addAll(others.comparisons);
        onlyFirst.addAll(others.onlyFirst);
        onlySecond.addAll(others.onlySecond);
        notes.addAll(others.notes);
        usedOfFirst.addAll(others.usedOfFirst);
        usedOfSecond.addAll(others.usedOfSecond);
    }
}
