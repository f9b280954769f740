package org.bame.harness.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bame.harness.config.Problems;
import org.bame.harness.config.YamlText;

/** What {@code --set} says: {@code key=value}, {@code method.key=value} or {@code recipe.key=value}. */
final class Assignments {

    private static final String WHERE = "--set";

    private Assignments() {}

    /**
     * Sorts assignments by what stands before the dot.
     *
     * @param texts as typed
     * @param scope of keys without a dot
     * @param scopes those that are known
     */
    static Map<String, Map<String, JsonNode>> byScope(
            List<String> texts, String scope, Collection<String> scopes, Problems problems) {
        Map<String, Map<String, JsonNode>> found = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                problems.add(WHERE, "'" + text + "'", "key=value, as in bame.finalFraction=1");
                continue;
            }
            String path = text.substring(0, equals).strip();
            int dot = path.indexOf('.');
            String owner = dot < 0 ? scope : path.substring(0, dot);
            if (owner == null || !scopes.contains(owner)) {
                problems.add(
                        WHERE,
                        "'" + path + "'",
                        "a key behind one of " + String.join(", ", scopes) + " and a dot, as in bame.finalFraction=1");
                continue;
            }
            JsonNode value = YamlText.value(text.substring(equals + 1), WHERE + " " + path, problems);
            JsonNode before =
                    found.computeIfAbsent(owner, any -> new LinkedHashMap<>()).put(path.substring(dot + 1), value);
            if (before != null) {
                problems.add(WHERE + " " + path, "a second value '" + value.asText() + "'", "each key once");
            }
        }
        return found;
    }
}
