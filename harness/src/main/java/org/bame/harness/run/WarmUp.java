package org.bame.harness.run;

import java.util.concurrent.TimeUnit;
import org.bame.datasets.DataSet;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.sweep.RunSpec;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import org.bame.layer.SparseTrainer;
import org.bame.method.MethodContext;

/**
 * Takes a few steps with a network that is thrown away, so that Java's compiler has seen the code when the clocks
 * start. The run is told to be so short that a method passes through all its phases.
 */
final class WarmUp {

    private static final int STEPS = 16;
    private static final int STEPS_PER_EPOCH = 4;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private WarmUp() {}

    static void run(RunSpec spec, NetworkFactory network, DataSet data, Kernels kernels,
            KernelPolicy kernelPolicy) {
        MethodContext context = new MethodContext(
                spec.pattern(), STEPS, STEPS_PER_EPOCH, spec.workload().recipe().optimizer(), spec.seed());
        RunSamples samples = RunSamples.of(data, spec);
        try (SparseTrainer trainer = Trainers.create(spec, network, samples, kernels, kernelPolicy, context);
                RunSamples.Pass batches = samples.training(0, 0)) {
            BatchArrays batch = batches.next();
            long start = System.nanoTime();
            double loss = 0;
            // Numbers that are none teach the compiler nothing.
            for (int step = 0; step < STEPS && Double.isFinite(loss) && System.nanoTime()
                    - start < MOST_NANOS; step++) {
                loss = trainer.step(batch.features(), batch.labels());
            }
        }
    }
}
