package org.bame.harness.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import org.bame.sparsity.SparsityPattern;

/**
 * A sweep as its file says it: every workload is trained by every method at every pattern with every seed.
 *
 * @param description one line
 * @param workloads what is trained
 * @param methods how
 * @param patterns of sparsity; methods that have no use for one run once instead of once a pattern
 * @param seeds of the initial weights, the order of images and the methods' random numbers
 */
record SweepFile(
        String description,
        List<WorkloadEntry> workloads,
        List<MethodEntry> methods,
        List<SparsityPattern> patterns,
        List<Long> seeds) {

    static final SweepFile DEFAULTS = new SweepFile("", List.of(), List.of(), List.of(), List.of(1L));

    /**
     * @param name empty for data set/network/recipe with the overrides behind
     * @param dataSet name
     * @param network name
     * @param recipe name
     * @param overrides recipe keys with other values
     * @param trainImages only so many training images; 0 for all
     * @param testImages only so many test images; 0 for all
     */
    record WorkloadEntry(
            String name,
            String dataSet,
            String network,
            String recipe,
            JsonNode overrides,
            int trainImages,
            int testImages) {
        /** The same workload by a recipe with other values still, which a given name then tells too. */
        WorkloadEntry with(JsonNode more) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            overrides.properties().forEach(override -> all.set(override.getKey(), override.getValue()));
            more.properties().forEach(override -> all.set(override.getKey(), override.getValue()));
            String both = name.isBlank() ? name : name + text(more);
            return new WorkloadEntry(both, dataSet, network, recipe, all, trainImages, testImages);
        }

        /** Overrides as names of workloads show them. */
        static String text(JsonNode overrides) {
            return overrides.properties().stream()
                    .map(override -> "+" + override.getKey() + "=" + override.getValue().asText())
                    .collect(Collectors.joining());
        }
    }

    /**
     * @param method name
     * @param variant tells apart several entries of one method; stands behind a slash in the column {@code method}
     * @param options keys of the method's configuration with other values
     * @param patterns instead of the sweep's; empty for the sweep's
     * @param networks only the workloads that train one of these; empty for all
     * @param overrides recipe keys with other values for this entry: a method by its own recipe
     */
    record MethodEntry(
            String method,
            String variant,
            JsonNode options,
            List<SparsityPattern> patterns,
            List<String> networks,
            JsonNode overrides) {}

    static JsonNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }
}
