package org.bame.harness.config;

import java.util.List;
import java.util.Optional;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/** How users and CSV files write patterns: as patterns write themselves, and {@code dense} where every weight is kept. */
public final class PatternText {

    /** The forms, for the help of commands. */
    public static final String HELP = "As 2:4; 1:4/g4 (each 4 consecutive outputs keep the same positions);"
            + " unstructured@0.75 or fan_in@0.75 (the share of zeros; fan_in: each output keeps the same number), with /erk"
            + " behind it to let small layers keep more.";

    private static final String DENSE = "dense";

    private PatternText() {}

    /** Column {@code pattern}. */
    public static String of(SparsityPattern pattern) {
        return pattern.isDense() ? DENSE : pattern.toString();
    }

    /** Reads a pattern or {@code dense}; a mistake is noted. */
    public static Optional<SparsityPattern> read(String text, String where, Problems problems) {
        return text.equals(DENSE) ? Optional.of(NmPattern.DENSE) : parse(text, where, "dense, or ", problems);
    }

    /** Reads patterns or {@code dense}, each once. */
    public static List<SparsityPattern> readAll(List<String> texts, String where, Problems problems) {
        return texts.stream().flatMap(text -> read(text, where, problems).stream()).distinct().toList();
    }

    /** Reads patterns that keep a part of the weights, each once. */
    public static List<SparsityPattern> readSparse(List<String> texts, String where, Problems problems) {
        List<SparsityPattern> patterns = texts.stream()
                .flatMap(text -> parse(text, where, "", problems).stream())
                .distinct()
                .toList();
        patterns.stream().filter(SparsityPattern::isDense).forEach(dense -> problems.add(
                where, "'" + dense + "', which keeps every weight",
                "a pattern that does not (dense is always measured)"));
        return patterns;
    }

    /** What a pattern must be to make a layer sparse: the words before "of some layer". */
    public static String makingALayerSparse(SparsityPattern pattern) {
        return pattern instanceof NmPattern
                ? "an M that divides the input channels"
                : "a share of zeros that is at least one of the weights";
    }

    private static Optional<SparsityPattern> parse(String text, String where, String others, Problems problems) {
        Optional<SparsityPattern> pattern = parse(text);
        if (pattern.isEmpty()) {
            problems.add(where, "'" + text + "'", others + SparsityPattern.FORMS);
        }
        return pattern;
    }

    /** A pattern, or empty if the text is none. */
    static Optional<SparsityPattern> parse(String text) {
        try {
            return Optional.of(SparsityPattern.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
