package org.bame.harness.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bame.sparsity.SparsityPattern;

/**
 * The records of a sealed interface, as users name them: {@code adamW} for a record {@code AdamW}. A key of such a type is
 * written as the name of one of them, whose own keys stand beside it.
 */
public final class Variants {

    private Variants() {}

    /** Whether a type is a sealed interface of records, other than {@link SparsityPattern}, which is written as a text. */
    public static boolean areOf(Class<?> type) {
        return type != SparsityPattern.class
                && type.isInterface()
                && type.isSealed()
                && Arrays.stream(type.getPermittedSubclasses()).allMatch(Class::isRecord);
    }

    /** The name of a record's class. */
    public static String name(Class<?> variant) {
        String name = variant.getSimpleName();
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** Names of all records of a sealed interface, in its order. */
    public static List<String> names(Class<?> type) {
        return of(type).stream().map(Variants::name).toList();
    }

    /** The records of a sealed interface, in its order. */
    static List<Class<?>> of(Class<?> type) {
        return List.of(type.getPermittedSubclasses());
    }

    /** The record of a name, in any case. */
    static Optional<Class<?>> find(Class<?> type, String name) {
        return of(type).stream().filter(variant -> variant.getSimpleName().equalsIgnoreCase(name)).findFirst();
    }
}
