package org.bame.harness.run;

import java.util.Optional;
import org.bame.harness.config.Problems;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.networks.NetworkRequest;
import org.bame.harness.recipes.Recipe;
import org.bame.harness.sweep.RunSpec;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import org.bame.layer.SparseTrainer;
import org.bame.method.MethodContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Makes a run's network, method and optimizer. */
final class Trainers {

    private Trainers() {}

    /** A trainer at the run's beginning. */
    static SparseTrainer create(
            RunSpec spec,
            NetworkFactory network,
            RunSamples samples,
            Kernels kernels,
            KernelPolicy kernelPolicy,
            MethodContext context) {
        Recipe recipe = spec.workload().recipe();
        SparseTrainer.Settings settings =
                OptimizerChoice.settings(
                        recipe, spec.method().cycles(), context.totalSteps(), context.stepsPerEpoch(), kernelPolicy);
        Problems problems = new Problems();
        Optional<NetworkFactory> trained = recipe.withDropPath(network, spec.workload().name(), problems);
        problems.throwIfAny();
        NetworkRequest request = new NetworkRequest(
                samples.input(),
                samples.classes(),
                spec.seed(),
                recipe.labelSmoothing(),
                settings.optimizer().stockUpdater(recipe.learningRate()));
        return new SparseTrainer(
                new ComputationGraph(trained.orElseThrow().build(request)),
                kernels,
                spec.pattern(),
                spec.method().create(context),
                settings);
    }
}
