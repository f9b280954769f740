package org.bame.harness.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
        JsonNode options = JSON.valueToTree(phase.options());
        return read(factory, options, where, problems);
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
