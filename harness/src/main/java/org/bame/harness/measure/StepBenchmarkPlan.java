package org.bame.harness.measure;

import java.util.List;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.recipes.Recipe;
import org.bame.layer.KernelPolicy;
import org.bame.method.MethodFactory;
import org.bame.sparsity.SparsityPattern;

/**
 * What a step benchmark measures.
 *
 * @param network trained, with the recipe's stochastic depth
 * @param data extents of its images; the numbers themselves are random
 * @param recipe of the optimizer
 * @param batch images of a step
 * @param methods that train, the dense one first
 * @param patterns of those that have a use for one
 * @param steps timed steps of every variant
 * @param warmUpSteps untimed steps before them
 * @param kernelPolicy how products on masks are computed
 * @param threads of a product
 * @param seed of everything random
 */
public record StepBenchmarkPlan(
        NetworkFactory network,
        DataSetShape data,
        Recipe recipe,
        int batch,
        List<MethodFactory<?>> methods,
        List<SparsityPattern> patterns,
        int steps,
        int warmUpSteps,
        KernelPolicy kernelPolicy,
        int threads,
        long seed) {

    /** Takes unmodifiable copies. */
    public StepBenchmarkPlan {
        methods = List.copyOf(methods);
        patterns = List.copyOf(patterns);
    }
}
