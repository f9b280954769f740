package org.bame.harness.measure;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.Kernels;
import org.bame.kernel.Product;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.MaskSelection;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;

/**
 * Measures every variant of one shape. A round calls each variant once, one after the other, so that whatever disturbs the
 * machine for a while disturbs all alike.
 */
final class ShapeBenchmark implements AutoCloseable {

    /** A round that is not faster than the fastest before by this factor tells that times have stopped falling. */
    private static final double STILL_FALLING = 0.98;
    private static final int STEADY_ROUNDS = 3;
    /** Warm-up ends after this many times its least duration, ready or not; of a short one, as if it were the usual one. */
    private static final int MOST_WARM_UPS = 8;
    private static final long USUAL_NANOS = 1_500_000_000;

    /**
     * Untimed work before a number of threads is timed. Its helper threads slept while others worked, may wake on the caller's
     * processor, and are parted by the operating system's balancing only after tens of milliseconds.
     */
    static final long WAKE_NANOS = 50_000_000;

    private final KernelShape shape;
    private final int rounds;
    private final Arena arena = Arena.ofShared();
    /** By threads, then pattern, then product. */
    private final List<List<TimedKernel>> byThreads = new ArrayList<>();
    private final ShapePeers peers;

    /**
     * @param providers one a number of threads
     * @param plan patterns that do not fit the shape are left out
     * @param running other libraries to compare with
     */
    ShapeBenchmark(KernelShape shape, List<Kernels> providers, KernelBenchmarkPlan plan, KernelPeers running) {
        this.shape = shape;
        this.rounds = plan.rounds();
        Operands operands = Operands.random(shape, plan.seed(), arena);
        Map<Optional<SparsityPattern>, Support> supports = supports(shape, plan);
        Map<Optional<SparsityPattern>, Map<Product, TwinCheck>> twins = new LinkedHashMap<>();
        supports.forEach((pattern, support) -> {
            Map<Product, TwinCheck> checks = new LinkedHashMap<>();
            for (Product product : Product.values()) {
                checks.put(product, TwinCheck.of(shape, support, product, operands));
            }
            twins.put(pattern, checks);
        });
        for (Kernels kernels : providers) {
            List<TimedKernel> timed = new ArrayList<>();
            supports.forEach((pattern, support) -> {
                ConvolutionKernel kernel = kernels.convolution(shape.shape(), operands.batch());
                twins.get(pattern).forEach((product, twin) -> timed.add(new TimedKernel(
                        shape, pattern, product, kernels, kernel, support, operands, twin, rounds)));
            });
            byThreads.add(timed);
        }
        this.peers = running.prepare(shape, operands, twins.get(Optional.<SparsityPattern>empty()), rounds);
    }

    /** Dense and every pattern that fits, by weights chosen at random. */
    private static Map<Optional<SparsityPattern>, Support> supports(KernelShape shape, KernelBenchmarkPlan plan) {
        Map<Optional<SparsityPattern>, Support> supports = new LinkedHashMap<>();
        supports.put(Optional.empty(), Support.DENSE);
        for (SparsityPattern pattern : plan.patterns()) {
            if (shape.takes(pattern)) {
                Mask mask = Mask.empty(shape.shape().weights(), pattern.rowGroup());
                MaskSelection.of(pattern).selectRandom(new SplittableRandom(plan.seed()), mask);
                MaskPromise.EXACT.require(mask, pattern);
                supports.put(Optional.of(pattern), Support.of(mask));
            }
        }
        return supports;
    }

    /** Checks each variant, and calls all until Java's compilers are done and times stop falling. */
    void warmUp(long leastNanos) {
        byThreads.forEach(timed -> timed.forEach(TimedKernel::verify));
        long mostNanos = Math.max(leastNanos, USUAL_NANOS) * MOST_WARM_UPS;
        CompilerWatch compilers = new CompilerWatch();
        long start = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        int steady = 0;
        long elapsed = 0;
        boolean ready = false;
        while (elapsed < leastNanos || !ready && elapsed < mostNanos) {
            long before = System.nanoTime();
            byThreads.forEach(timed -> timed.forEach(TimedKernel::call));
            long now = System.nanoTime();
            steady = now - before < STILL_FALLING * fastest ? 0 : steady + 1;
            fastest = Math.min(fastest, now - before);
            elapsed = now - start;
            ready = compilers.isQuiet() && steady >= STEADY_ROUNDS;
        }
        peers.warmUp(leastNanos);
    }

    /** Times each variant once. */
    void round(int round) {
        for (List<TimedKernel> timed : byThreads) {
            wakeThreads(timed.subList(0, Product.values().length));
            for (TimedKernel kernel : timed) {
                kernel.time(round);
            }
        }
        peers.round(round);
    }

    /** Else the variants of the round would pay for it. All three dense products, so that none finds its own work in the caches. */
    private static void wakeThreads(List<TimedKernel> dense) {
        long start = System.nanoTime();
        do {
            dense.forEach(TimedKernel::call);
        } while (System.nanoTime() - start < WAKE_NANOS);
    }

    /** Checks each variant again, and sums up. */
    List<KernelMeasurement> finish() {
        List<KernelMeasurement> measurements = new ArrayList<>();
        for (List<TimedKernel> timed : byThreads) {
            timed.forEach(TimedKernel::verify);
            Map<Product, Double> denseMedians = new LinkedHashMap<>();
            double denseTogether = Double.NaN;
            int products = Product.values().length;
            for (int i = 0; i < timed.size(); i += products) {
                List<TimedKernel> three = timed.subList(i, i + products);
                for (TimedKernel kernel : three) {
                    Spread spread = Spread.of(kernel.nanos());
                    double dense = denseMedians.computeIfAbsent(kernel.product(), any -> spread.medianNanos());
                    measurements.add(measurement(
                            kernel, Optional.of(kernel.product()), spread, kernel.macs(), dense, kernel.deviation()));
                }
                long macs = three.stream().mapToLong(TimedKernel::macs).sum();
                double deviation = three.stream().mapToDouble(TimedKernel::deviation).max().orElse(0);
                Spread together = together(three);
                denseTogether = i == 0 ? together.medianNanos() : denseTogether;
                measurements.add(measurement(
                        three.getFirst(), Optional.empty(), together, macs, denseTogether, deviation));
            }
        }
        return peers.finish(measurements);
    }

    /** Round by round, the three products of one pattern as if they were one call. */
    private Spread together(List<TimedKernel> three) {
        long[] sums = new long[rounds];
        Arrays.setAll(sums, round -> three.stream().mapToLong(kernel -> kernel.nanos()[round]).sum());
        return Spread.of(sums);
    }

    private KernelMeasurement measurement(
            TimedKernel kernel, Optional<Product> product, Spread spread, long macs, double dense, double deviation) {
        return new KernelMeasurement(
                kernel.kernels().provider(),
                shape,
                product,
                kernel.pattern(),
                kernel.kernels().threads(),
                spread,
                // Two operations a multiply-accumulate; operations a nanosecond are billions a second.
                2 * macs / spread.medianNanos(),
                dense / spread.medianNanos(),
                deviation,
                Optional.empty(),
                Double.NaN);
    }

    @Override
    public void close() {
        peers.close();
        arena.close();
    }
}
