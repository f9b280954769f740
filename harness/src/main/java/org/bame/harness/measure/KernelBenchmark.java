package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.peer.Peers;
import org.bame.kernel.Kernels;

/** Measures the three products of given shapes, dense and by each pattern. */
public final class KernelBenchmark {

    private static final long PROGRESS_TOTAL = 1_000_000;

    private final KernelBenchmarkPlan plan;
    private final Device device;
    private final Peers peers;
    private final MeasureObserver observer;

    /**
     * @param plan what to measure
     * @param device on which
     * @param peers to compare with
     * @param observer watches
     */
    public KernelBenchmark(KernelBenchmarkPlan plan, Device device, Peers peers, MeasureObserver observer) {
        this.plan = plan;
        this.device = device;
        this.peers = peers;
        this.observer = observer;
    }

    /**
     * Measures one shape after the other.
     *
     * @param perShape receives each shape's measurements when they are done
     * @return all measurements
     * @throws KernelMismatchException if a kernel disagrees with its scalar twin
     */
    public List<KernelMeasurement> run(Consumer<List<KernelMeasurement>> perShape) {
        List<Kernels> providers = new ArrayList<>();
        try (KernelPeers running = KernelPeers.start(peers, plan.threads(), observer)) {
            for (int threads : plan.threads()) {
                providers.add(device.open(threads, KernelChoice.SIMD));
            }
            List<KernelMeasurement> all = new ArrayList<>();
            double total = plan.shapes().stream().mapToDouble(KernelBenchmark::work).sum();
            double done = 0;
            for (KernelShape shape : plan.shapes()) {
                noteMisfits(shape);
                List<KernelMeasurement> measurements = measure(shape, providers, running, done, total);
                done += work(shape);
                all.addAll(measurements);
                perShape.accept(measurements);
            }
            return all;
        } finally {
            providers.forEach(Kernels::close);
        }
    }

    private List<KernelMeasurement> measure(
            KernelShape shape, List<Kernels> providers, KernelPeers running, double done, double total) {
        String name = shape.name();
        observer.progress(name + ": checking against the scalar twin, warming up", share(done, total), PROGRESS_TOTAL);
        try (ShapeBenchmark benchmark = new ShapeBenchmark(shape, providers, plan, running)) {
            benchmark.warmUp(plan.warmUpNanos());
            CompilerWatch compilers = new CompilerWatch();
            for (int round = 0; round < plan.rounds(); round++) {
                benchmark.round(round);
                double within = work(shape) * (round + 1) / plan.rounds();
                observer.progress(
                        name + ": round " + (round + 1) + "/" + plan.rounds(),
                        share(done + within, total),
                        PROGRESS_TOTAL);
            }
            compilers.report(name, "--warm-up-seconds", observer);
            return benchmark.finish();
        }
    }

    private static long share(double done, double total) {
        return Math.round(PROGRESS_TOTAL * done / total);
    }

    private static double work(KernelShape shape) {
        return (double) shape.shape().macsPerSample() * shape.batch();
    }

    private void noteMisfits(KernelShape shape) {
        String misfits = plan.patterns().stream()
                .filter(pattern -> !shape.takes(pattern))
                .map(pattern -> pattern + " (" + pattern.fit(shape.shape().weights()).reason() + ")")
                .collect(Collectors.joining(", "));
        if (!misfits.isEmpty()) {
            observer.note(shape.name() + ": left out " + misfits);
        }
    }
}
