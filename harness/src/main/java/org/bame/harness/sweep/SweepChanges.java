package org.bame.harness.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

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

    void apply(ObjectNode tree) {
        for (JsonNode entry : tree.path("workloads")) {
            if (entry instanceof ObjectNode mapping) {
                workload.forEach(mapping::set);
                if (!recipe.isEmpty() && mapping.withObjectProperty("overrides") instanceof ObjectNode overrides) {
                    recipe.forEach(overrides::set);
                }
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
        if (!methods.isEmpty() && tree.path("methods") instanceof ArrayNode given) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            given.forEach(entry -> {
                if (isWanted(entry)) {
                    kept.add(entry);
                }
            });
            tree.set("methods", kept);
        }
    }

    private boolean isWanted(JsonNode entry) {
        String name = entry.isTextual() ? entry.asText() : entry.path("method").asText();
        String variant = entry.path("variant").asText("");
        return methods.contains(name) || methods.contains(name + "/" + variant);
    }

    private static void dropOwnPatterns(JsonNode entry) {
        if (entry instanceof ObjectNode mapping) {
            mapping.remove("patterns");
        }
    }
}
