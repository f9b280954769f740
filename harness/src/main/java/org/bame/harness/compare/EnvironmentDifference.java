package org.bame.harness.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A column of {@code environments.csv} in which two sides differ.
 *
 * @param column name
 * @param onlyFirst what stands there in environments of the first side alone
 * @param onlySecond what stands there in environments of the second side alone
 */
public record EnvironmentDifference(String column, Set<String> onlyFirst, Set<String> onlySecond) {

    private static final String WHOLE = "";
    /** Columns, and what stands between the parts of a field. */
    private static final Map<String, String> COLUMNS = columns();

    private static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        Stream.of("device", "cpu", "cores_used", "vector_bits", "operating_system", "provider", "jdk")
                .forEach(column -> columns.put(column, WHOLE));
        columns.put("jvm_flags", " ");
        columns.put("libraries", " ");
        columns.put("commit", WHOLE);
        columns.put("data_checksums", "; ");
        columns.put("malloc", " ");
        return columns;
    }

    /** All differences between the environments of some rows. */
    static List<EnvironmentDifference> between(
            ResultsSource first, List<ResultsRow> ofFirst, ResultsSource second, List<ResultsRow> ofSecond) {
        List<EnvironmentDifference> differences = new ArrayList<>();
        COLUMNS.forEach((column, separator) -> {
            Set<String> left = parts(first, ofFirst, column, separator);
            Set<String> right = parts(second, ofSecond, column, separator);
            EnvironmentDifference difference = new EnvironmentDifference(column, less(left, right), less(right, left));
            if (!difference.onlyFirst.isEmpty() || !difference.onlySecond.isEmpty()) {
                differences.add(difference);
            }
        });
        return differences;
    }

    private static Set<String> parts(ResultsSource source, List<ResultsRow> rows, String column, String separator) {
        return rows.stream()
                .map(source::environment)
                .flatMap(Optional::stream)
                .map(environment -> environment.text(column))
                .distinct()
                .flatMap(text -> separator.equals(WHOLE) ? Stream.of(text) : Stream.of(text.split(separator)))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> less(Set<String> all, Set<String> others) {
        Set<String> left = new TreeSet<>(all);
        left.removeAll(others);
        return left;
    }
}
