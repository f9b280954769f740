package org.bame.harness.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bame.sparsity.SparsityPattern;

/**
 * Makes a record from a YAML or JSON mapping whose keys are the record's components; keys that are left out keep the
 * value of a default record. Unlike a data binder that stops at the first mistake, it notes every one. Components may
 * be numbers, truth values, texts, enums (in any case, {@code -} for {@code _}), patterns, nested records, lists of
 * these, {@link Variants}, and trees taken as they are.
 */
public final class RecordBinder {

    private final Problems problems;

    /** @param problems receives the mistakes */
    public RecordBinder(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads a record.
     *
     * @param tree the mapping
     * @param type the record's class
     * @param defaults values of the keys that are left out; null if every key is required
     * @param where name of the mapping, for messages
     * @return the record, or empty if a mistake was noted
     */
    public <T extends Record> Optional<T> bind(JsonNode tree, Class<T> type, T defaults, String where) {
        if (!tree.isObject()) {
            problems.add(where, describe(tree), "a mapping with keys " + String.join(", ", keys(type)));
            return Optional.empty();
        }
        int before = problems.count();
        rejectUnknownKeys((ObjectNode) tree, type, defaults, where);
        Optional<T> record = components(tree, type, defaults, where);
        return problems.count() > before ? Optional.empty() : record;
    }

    private <T extends Record> Optional<T> components(JsonNode tree, Class<T> type, Record defaults, String where) {
        int before = problems.count();
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = components[i].getName();
            Object fallback = defaults == null ? null : read(components[i], defaults);
            JsonNode node = tree.get(key);
            if (Variants.areOf(components[i].getType())) {
                values[i] = variant(tree, components[i], fallback, where);
            } else if (node != null) {
                values[i] = convert(node, components[i].getGenericType(), fallback, at(where, key));
            } else if (fallback != null) {
                values[i] = fallback;
            } else {
                problems.add(where, "no key '" + key + "'", expected(components[i].getGenericType()));
            }
        }
        return problems.count() > before ? Optional.empty() : construct(type, components, values, where);
    }

    /** The record that the key names, its components read from the same mapping; null if a mistake was noted. */
    private <V extends Record> Object variant(JsonNode tree, RecordComponent component, Object fallback, String where) {
        JsonNode node = tree.get(component.getName());
        if (node == null && fallback == null) {
            problems.add(where, "no key '" + component.getName() + "'", expected(component.getType()));
            return null;
        }
        Optional<Class<?>> chosen = chosen(tree, component, fallback);
        if (chosen.isEmpty()) {
            problems.add(at(where, component.getName()), describe(node), expected(component.getType()));
            return null;
        }
        @SuppressWarnings("unchecked")
        Class<V> type = (Class<V>) chosen.get();
        Record defaults = type.isInstance(fallback) ? type.cast(fallback) : ownDefaults(type);
        return components(tree, type, defaults, where).orElse(null);
    }

    /** The class of the record that a key of a sealed type stands for; empty if it names none. */
    private static Optional<Class<?>> chosen(JsonNode tree, RecordComponent component, Object fallback) {
        JsonNode node = tree.get(component.getName());
        return node == null
                ? Optional.ofNullable(fallback).map(Object::getClass)
                : Variants.find(component.getType(), node.asText());
    }

    /** What a record's constructor without arguments makes; null if it has none, and every key is required. */
    private static <V extends Record> V ownDefaults(Class<V> type) {
        try {
            Constructor<V> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot construct " + type.getName(), e);
        }
    }

    private void rejectUnknownKeys(ObjectNode tree, Class<?> type, Record defaults, String where) {
        List<String> known = new ArrayList<>(keys(type));
        for (RecordComponent component : type.getRecordComponents()) {
            if (Variants.areOf(component.getType())) {
                known.addAll(variantKeys(tree, component, defaults, where));
            }
        }
        tree.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                problems.add(
                        where,
                        "unknown key '" + key + "'",
                        known.isEmpty() ? "no keys at all" : "one of " + String.join(", ", known),
                        NearestName.hint(key, known));
            }
        });
    }

    /** The chosen record's keys, and every key of the others that a mistake has already been noted about. */
    private List<String> variantKeys(ObjectNode tree, RecordComponent component, Record defaults, String where) {
        Object fallback = defaults == null ? null : read(component, defaults);
        Optional<Class<?>> chosen = chosen(tree, component, fallback);
        List<String> known = new ArrayList<>(chosen.map(RecordBinder::keys).orElse(List.of()));
        for (Class<?> other : Variants.of(component.getType())) {
            for (String key : keys(other)) {
                if (tree.has(key) && !known.contains(key)) {
                    chosen.ifPresent(variant -> problems.add(
                            at(where, key),
                            "a key of " + component.getName() + " " + Variants.name(other),
                            "keys of " + component.getName() + " " + Variants.name(variant) + ": "
                                    + String.join(", ", keys(variant)),
                            "Add " + component.getName() + ": " + Variants.name(other) + ", or leave the key out."));
                    known.add(key);
                }
            }
        }
        return known;
    }

    /** The value, or null if a mistake was noted. */
    private Object convert(JsonNode node, Type type, Object fallback, String where) {
        if (type instanceof Class<?> known && known.isRecord()) {
            return record(node, known, fallback, where);
        }
        Object value = type instanceof ParameterizedType list && list.getRawType() == List.class
                ? convertList(node, list.getActualTypeArguments()[0], where)
                : convertSimple(node, type, where);
        if (value == null) {
            problems.add(where, describe(node), expected(type));
        }
        return value;
    }

    private static Object convertSimple(JsonNode node, Type type, String where) {
        if (type == JsonNode.class) {
            return node;
        }
        if (type == int.class || type == Integer.class) {
            return node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null;
        }
        if (type == long.class || type == Long.class) {
            return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
        }
        if (type == double.class || type == Double.class) {
            return node.isNumber() ? node.doubleValue() : null;
        }
        if (type == boolean.class || type == Boolean.class) {
            return node.isBoolean() ? node.booleanValue() : null;
        }
        if (type == String.class) {
            return node.isValueNode() && !node.isNull() ? node.asText() : null;
        }
        if (type == SparsityPattern.class) {
            return node.isTextual() ? PatternText.parse(node.textValue()).orElse(null) : null;
        }
        if (type instanceof Class<?> known && known.isEnum()) {
            return constant(node, known);
        }
        throw new IllegalArgumentException("Key " + where + " is of type " + type.getTypeName()
                + ", which configuration files cannot say; expected a number, text, enum, record or list");
    }

    private Object convertList(JsonNode node, Type element, String where) {
        if (!node.isArray()) {
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            Object value = convert(node.get(i), element, null, where + "[" + i + "]");
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private <T extends Record> Object record(JsonNode node, Class<?> type, Object fallback, String where) {
        @SuppressWarnings("unchecked")
        Class<T> recordType = (Class<T>) type;
        return bind(node, recordType, recordType.cast(fallback), where).orElse(null);
    }

    private <T extends Record> Optional<T> construct(
            Class<T> type, RecordComponent[] components, Object[] values, String where) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return Optional.of(constructor.newInstance(values));
        } catch (InvocationTargetException e) {
            // A record's constructor checks what no single component's type can say.
            problems.add(where, "values that do not fit", String.valueOf(e.getCause().getMessage()));
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot construct " + type.getName(), e);
        }
    }

    private static Object constant(JsonNode node, Class<?> type) {
        String name = node.asText().replace("-", "").replace("_", "");
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().replace("_", "").equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }

    private static Object read(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot read " + component, e);
        }
    }

    /** {@code sweep.yaml: methods[0].options}: the document's name ends with a colon, keys follow with dots. */
    private static String at(String where, String key) {
        return where + (where.contains(": ") ? "." : ": ") + key;
    }

    private static List<String> keys(Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    }

    private static String expected(Type type) {
        if (type instanceof ParameterizedType list) {
            return "a list, each entry " + expected(list.getActualTypeArguments()[0]);
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == SparsityPattern.class) {
            return "a pattern " + SparsityPattern.FORMS;
        }
        if (type instanceof Class<?> known && known.isEnum()) {
            return "one of "
                    + Arrays.stream(known.getEnumConstants())
                            .map(constant -> ConstantNames.of((Enum<?>) constant))
                            .collect(Collectors.joining(", "));
        }
        if (type instanceof Class<?> known && Variants.areOf(known)) {
            return "one of " + String.join(", ", Variants.names(known));
        }
        if (type instanceof Class<?> known && known.isRecord()) {
            return "a mapping with keys " + String.join(", ", keys(known));
        }
        return "a text";
    }

    /** A value as messages show it. */
    static String describe(JsonNode node) {
        if (node.isNull()) {
            return "nothing";
        }
        if (node.isContainerNode()) {
            return (node.isArray() ? "a list of " : "a mapping of ") + node.size();
        }
        return "'" + node.asText() + "'";
    }
}
