package org.bame.harness.measure;

import java.util.List;
import org.bame.sparsity.SparsityPattern;

/**
 * What a kernel benchmark measures.
 *
 * @param shapes of products, each measured on its own
 * @param patterns beside dense
 * @param threads numbers of threads
 * @param rounds timed calls of every variant
 * @param warmUpNanos least untimed work on a shape before them; it goes on until Java's compilers are done
 * @param seed of numbers and masks
 */
public record KernelBenchmarkPlan(
        List<KernelShape> shapes,
        List<SparsityPattern> patterns,
        List<Integer> threads,
        int rounds,
        long warmUpNanos,
        long seed) {

    /** Takes unmodifiable copies. */
    public KernelBenchmarkPlan {
        shapes = List.copyOf(shapes);
        patterns = List.copyOf(patterns);
        threads = List.copyOf(threads);
    }
}
