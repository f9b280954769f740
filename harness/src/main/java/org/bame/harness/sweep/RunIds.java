package org.bame.harness.sweep;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Variants;
import org.bame.harness.environment.ShortHash;
import org.bame.harness.recipes.Recipe;
import org.bame.sparsity.SparsityPattern;

/**
 * Names of runs: readable, and different whenever anything that could change the result is. The same configuration has
 * the same name in every process, which is how a sweep finds its finished runs again.
 */
final class RunIds {

    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .configure(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, true)
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .build();

    private RunIds() {}

    static String of(Workload workload, MethodChoice<?> method, SparsityPattern pattern, long seed) {
        TreeMap<String, Object> configuration = new TreeMap<>();
        configuration.put("dataSet", workload.dataSet());
        configuration.put("network", workload.network());
        configuration.put("recipe", recipe(workload.recipe()));
        configuration.put("trainImages", workload.trainImages());
        configuration.put("testImages", workload.testImages());
        configuration.put("method", method.label());
        configuration.put("options", method.options());
        configuration.put("pattern", PatternText.of(pattern));
        configuration.put("seed", seed);
        configuration.put("workload", workload.name());
        try {
            String canonical = CANONICAL.writeValueAsString(configuration);
            String hash = ShortHash.of(canonical.getBytes(StandardCharsets.UTF_8));
            return String.join(
                    "-",
                    workload.dataSet(),
                    workload.network(),
                    method.label(),
                    PatternText.of(pattern),
                    "s" + seed,
                    hash)
                    .replaceAll("[^A-Za-z0-9.-]", "-");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "The configuration of method " + method.label() + " cannot be written as JSON: "
                            + e.getOriginalMessage() + ". Use numbers, texts, enums and records of these.",
                    e);
        }
    }

    /**
     * A recipe's keys as its file has them, without those that change nothing: runs keep the names that they had when such a
     * key was not known yet.
     */
    private static TreeMap<String, JsonNode> recipe(Recipe recipe) {
        TreeMap<String, JsonNode> keys = new TreeMap<>();
        ObjectNode tree = CANONICAL.valueToTree(recipe);
        tree.properties().forEach(key -> keys.put(key.getKey(), key.getValue()));
        keys.remove("optimizer").properties().forEach(key -> keys.put(key.getKey(), key.getValue()));
        keys.put("optimizer", tree.textNode(Variants.name(recipe.optimizer().getClass())));
        // How many images are evaluated at a time changes speed, not results.
        keys.remove("evaluationBatch");
        Recipe.neutralKeys().properties().forEach(key -> keys.remove(key.getKey(), key.getValue()));
        return keys;
    }
}
