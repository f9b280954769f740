package org.bame.harness.sweep;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.bame.harness.config.PatternText;
import org.bame.harness.environment.ShortHash;
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
        // How many images are evaluated at a time changes speed, not results.
        TreeMap<String, Object> recipe = new TreeMap<>();
        CANONICAL.valueToTree(workload.recipe()).properties().forEach(e -> recipe.put(e.getKey(), e.getValue()));
        recipe.remove("evaluationBatch");
        configuration.put("recipe", recipe);
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
}
