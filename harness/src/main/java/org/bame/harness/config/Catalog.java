package org.bame.harness.config;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Things of one kind that users name, such as methods. An unknown name is answered with the known ones and the nearest.
 *
 * @param <T> what a name stands for
 */
public final class Catalog<T> {

    private final String kind;
    private final Map<String, T> entries;

    /**
     * @param kind what the entries are, in the singular, for messages: {@code method}
     * @param entries by name
     */
    public Catalog(String kind, Map<String, ? extends T> entries) {
        this.kind = kind;
        this.entries = new TreeMap<>(entries);
    }

    /** Every name, sorted. */
    public Collection<String> names() {
        return entries.keySet();
    }

    /** Every entry, sorted by name. */
    public Collection<T> values() {
        return entries.values();
    }

    /**
     * Looks a name up.
     *
     * @throws ConfigurationException if it is unknown
     */
    public T get(String name, String where) {
        Problems problems = new Problems();
        Optional<T> found = find(name, where, problems);
        problems.throwIfAny();
        return found.orElseThrow();
    }

    /** Looks a name up; an unknown one is noted in {@code problems}. */
    public Optional<T> find(String name, String where, Problems problems) {
        T entry = entries.get(name);
        if (entry == null) {
            problems.add(
                    where,
                    "unknown " + kind + " '" + name + "'",
                    "one of " + String.join(", ", entries.keySet()),
                    NearestName.hint(name, entries.keySet()));
        }
        return Optional.ofNullable(entry);
    }
}
