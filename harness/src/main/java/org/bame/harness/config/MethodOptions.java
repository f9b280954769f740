package org.bame.harness.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;

/** Reads a method's configuration: what the user says over the method's defaults. */
public final class MethodOptions {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private MethodOptions() {}

    /** The configuration of one of the method's phases, or empty if a mistake was noted. */
    public static <C extends Record> Optional<C> read(
            MethodFactory<C> factory, MethodPhase phase, String where, Problems problems) {
        return read(factory, of(phase), where, problems);
    }

    /** The options of a phase as users would write them. */
    public static ObjectNode of(MethodPhase phase) {
        return JSON.valueToTree(phase.options());
    }

    /** The whole configuration, or empty if a mistake was noted. */
    public static <C extends Record> Optional<C> read(
            MethodFactory<C> factory, JsonNode options, String where, Problems problems) {
        C defaults = factory.defaults();
        @SuppressWarnings("unchecked")
        Class<C> type = (Class<C>) defaults.getClass();
        return new RecordBinder(problems).bind(options, type, defaults, where);
    }
}
