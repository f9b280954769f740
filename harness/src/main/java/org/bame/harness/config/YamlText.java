package org.bame.harness.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Optional;

/** Reads YAML into a tree; a key given twice is an error, and so is a second document, which would be passed over. */
public final class YamlText {

    private static final ObjectMapper MAPPER = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private YamlText() {}

    /**
     * Reads a document that must be a mapping.
     *
     * @param where its name, for messages
     * @throws ConfigurationException if the text is no YAML or no mapping
     */
    public static ObjectNode mapping(String text, String where) {
        Problems problems = new Problems();
        Optional<ObjectNode> tree = mapping(text, where, problems);
        problems.throwIfAny();
        return tree.orElseThrow();
    }

    /** The same, or empty if a mistake was noted. */
    public static Optional<ObjectNode> mapping(String text, String where, Problems problems) {
        int before = problems.count();
        JsonNode tree = parse(text, where, problems);
        if (tree instanceof ObjectNode mapping) {
            return Optional.of(mapping);
        }
        if (problems.count() == before) {
            problems.add(where, RecordBinder.describe(tree), "a YAML mapping of keys to values");
        }
        return Optional.empty();
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
            // The parser draws where it is, over several lines.
            String message = e instanceof MismatchedInputException
                    ? "something behind the end of the document"
                    : e.getOriginalMessage().strip().replaceAll("\\s+", " ");
            problems.add(place, "'" + message + "'", "one document of valid YAML without repeated keys");
            return JsonNodeFactory.instance.nullNode();
        }
    }
}
