package org.bame.harness.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.bame.method.MethodFactory;

/** Reads a method's configuration: what the user says over the method's defaults. */
public final class MethodOptions {

    private MethodOptions() {}

    /** The whole configuration, or empty if a mistake was noted. */
    public static <C extends Record> Optional<C> read(
            MethodFactory<C> factory, JsonNode options, String where, Problems problems) {
        C defaults = factory.defaults();
        @SuppressWarnings("unchecked")
        Class<C> type = (Class<C>) defaults.getClass();
        return new RecordBinder(problems).bind(options, type, defaults, where);
    }
}
