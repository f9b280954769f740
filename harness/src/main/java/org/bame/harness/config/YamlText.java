package org.bame.harness.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Reads YAML into a tree; a key given twice is an error. */
public final class YamlText {

    private static final ObjectMapper MAPPER =
            YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

    private YamlText() {}

    /**
     * Reads a document that must be a mapping.
     *
     * @param where its name, for messages
     * @throws ConfigurationException if the text is no YAML or no mapping
     */
    public static ObjectNode mapping(String text, String where) {
        Problems problems = new Problems();
        JsonNode tree = parse(text, where, problems);
        if (problems.count() == 0 && !tree.isObject()) {
            problems.add(where, RecordBinder.describe(tree), "a YAML mapping of keys to values");
        }
        problems.throwIfAny();
        return (ObjectNode) tree;
    }

    /** Reads one value as it stands behind {@code --set key=}: a number, a truth value, a list or a text. */
    public static JsonNode value(String text, String where, Problems problems) {
        return parse(text, where, problems);
    }

    private static JsonNode parse(String text, String where, Problems problems) {
        try {
            JsonNode tree = MAPPER.readTree(text);
            return tree == null || tree.isMissingNode() ? JsonNodeFactory.instance.nullNode() : tree;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? where : where + " line " + at.getLineNr() + " column " + at.getColumnNr();
            problems.add(place, "'" + e.getOriginalMessage().strip() + "'", "valid YAML without repeated keys");
            return JsonNodeFactory.instance.nullNode();
        }
    }
}
