package org.bame.harness.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bame.harness.config.NearestName;
import org.bame.harness.config.Problems;

/**
 * What the command line changes in a sweep file before it is read; checked with it.
 *
 * @param recipe recipe keys with other values, in every workload
 * @param workload keys of a workload with other values, such as {@code trainImages}, in every workload
 * @param methods only the entries of these methods (or method/variant); empty for all
 * @param patterns instead of the file's; empty for these
 * @param seeds instead of the file's; empty for these
 */
public record SweepChanges(
        Map<String, JsonNode> recipe,
        Map<String, JsonNode> workload,
        List<String> methods,
        List<String> patterns,
        List<Long> seeds) {

    /** No change. */
    public static final SweepChanges NONE = new SweepChanges(Map.of(), Map.of(), List.of(), List.of(), List.of());

    /** Changes the file; what cannot be is noted. */
    void apply(ObjectNode tree, Problems problems) {
        for (JsonNode entry : tree.path("workloads")) {
            if (entry instanceof ObjectNode mapping) {
                workload.forEach(mapping::set);
                if (!recipe.isEmpty() && mapping.withObjectProperty("overrides") instanceof ObjectNode overrides) {
                    recipe.forEach(overrides::set);
                }
            }
        }
        for (JsonNode entry : tree.path("methods")) {
            if (entry.path("overrides") instanceof ObjectNode own) {
                recipe.forEach((key, value) -> {
                    if (own.has(key)) {
                        own.set(key, value);
                    }
                });
            }
        }
        if (!patterns.isEmpty()) {
            ArrayNode list = tree.putArray("patterns");
            patterns.forEach(list::add);
            tree.path("methods").forEach(SweepChanges::dropOwnPatterns);
        }
        if (!seeds.isEmpty()) {
            ArrayNode list = tree.putArray("seeds");
            seeds.forEach(list::add);
        }
        if (!methods.isEmpty() && tree.path("methods") instanceof ArrayNode given && allThere(given, problems)) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            given.forEach(entry -> {
                if (isWanted(entry)) {
                    kept.add(entry);
                }
            });
            tree.set("methods", kept);
        }
    }

    /** Whether the file has each of the methods wanted: one that is passed over in silence would be missed too late. */
    private boolean allThere(ArrayNode given, Problems problems) {
        Set<String> names = new LinkedHashSet<>();
        given.forEach(entry -> names.addAll(names(entry)));
        int before = problems.count();
        for (String method : methods) {
            if (!names.contains(method)) {
                problems.add(
                        "--methods",
                        "'" + method + "', which the sweep does not have",
                        "some of " + String.join(", ", names),
                        NearestName.hint(method, names));
            }
        }
        return problems.count() == before;
    }

    private boolean isWanted(JsonNode entry) {
        return names(entry).stream().anyMatch(methods::contains);
    }

    /** What an entry answers to. */
    private static List<String> names(JsonNode entry) {
        String name = entry.isTextual() ? entry.asText() : entry.path("method").asText();
        String variant = entry.path("variant").asText("");
        return variant.isEmpty() ? List.of(name) : List.of(name, name + "/" + variant);
    }

    private static void dropOwnPatterns(JsonNode entry) {
        if (entry instanceof ObjectNode mapping) {
            mapping.remove("patterns");
        }
    }
}
