package org.bame.harness.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bame.method.MethodFactory;
import org.bame.sparsity.FanInPattern;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.UnstructuredPattern;

/** Which methods train by which patterns. */
public final class PatternSupport {

    private static final List<SparsityPattern> EXAMPLES =
            List.of(new NmPattern(1, 4), new UnstructuredPattern(0.25), new FanInPattern(0.25), new NmPattern(2, 4));

    private PatternSupport() {}

    /** A pattern of each kind that the method supports. */
    public static List<SparsityPattern> examples(MethodFactory<?> method) {
        Set<Class<?>> kinds = new HashSet<>();
        return EXAMPLES.stream()
                .filter(method::supports)
                .filter(pattern -> kinds.add(pattern.getClass()))
                .toList();
    }

    /** Whether a method trains by a pattern; if not, that is noted. */
    public static boolean check(MethodFactory<?> method, SparsityPattern pattern, String where, Problems problems) {
        boolean supported = method.supports(pattern);
        if (!supported) {
            problems.add(
                    where,
                    "'" + pattern + "' for " + method.name(),
                    "a pattern that " + method.name() + " can train by, such as "
                            + examples(method).stream().map(SparsityPattern::toString).collect(Collectors.joining(
                                    " or ")),
                    (method.alternative(pattern) + " Give it other patterns, or leave it out.").strip());
        }
        return supported;
    }
}
