package org.bame.harness.measure;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.harness.peer.PeerException;
import org.bame.harness.peer.PeerProcess;
import org.bame.harness.peer.PeerProcess.Prepared;
import org.bame.harness.peer.PeerRequest;
import org.bame.kernel.Product;

/** The three dense products of a shape by a peer, and their times. */
final class PeerProducts {

    private static final int WARM_UP_CALLS = 10;
    /** Of one request: a peer that does not answer for minutes is given up. */
    private static final long MOST_NANOS = 1_000_000_000;

    private final RunningPeer peer;
    private final KernelShape shape;
    private final Map<Product, Prepared> works = new EnumMap<>(Product.class);
    private final Map<Product, long[]> nanos = new EnumMap<>(Product.class);
    private final Map<Product, Double> deviations = new EnumMap<>(Product.class);
    /** What the three products took when they were last timed. */
    private long roundNanos;

    /**
     * A process of a library.
     *
     * @param process that runs
     * @param threads of it
     */
    record RunningPeer(PeerProcess process, int threads) {}

    PeerProducts(RunningPeer peer, KernelShape shape, int rounds) {
        this.peer = peer;
        this.shape = shape;
        for (Product product : Product.values()) {
            nanos.put(product, new long[rounds]);
            deviations.put(product, 0.0);
        }
    }

    RunningPeer peer() {
        return peer;
    }

    /** Has the operands read from a folder. */
    void prepare(Path folder) throws PeerException {
        for (Product product : Product.values()) {
            Prepared work = peer.process().prepare(
                    new PeerRequest.Convolve(product, shape.shape(), shape.batch(), folder));
            works.put(product, work);
            if (work.parameters() != shape.shape().weights().size()) {
                throw new PeerException(peer.process().provider() + ", " + shape.name() + ": got "
                        + work.parameters() + " weights, expected " + shape.shape().weights().size());
            }
        }
    }

    /** Calls each product for as long as ours are called at least, and holds the results against the scalar twin's. */
    void warmUp(long leastNanos, PeerOperands carrier, Operands operands, Map<Product, TwinCheck> twins)
            throws PeerException {
        time(WARM_UP_CALLS);
        long start = System.nanoTime();
        for (long left = leastNanos; left > 0; left = leastNanos - (System.nanoTime() - start)) {
            time(rounds(Math.min(left, MOST_NANOS)));
        }
        verify(carrier, operands, twins);
    }

    /** Times each product once, as ours are: its threads have been awake for as long, and each finds the caches of another. */
    void round(int round) throws PeerException {
        long[] times = time(Math.max(1, rounds(ShapeBenchmark.WAKE_NANOS)));
        int next = 0;
        for (Product product : works.keySet()) {
            nanos.get(product)[round] = times[next++];
        }
    }

    private long[] time(int untimed) throws PeerException {
        long[] times = peer.process().time(List.copyOf(works.values()), untimed, 1);
        roundNanos = Arrays.stream(times).sum();
        return times;
    }

    private int rounds(long lastingNanos) {
        return (int) (lastingNanos / Math.max(1, roundNanos));
    }

    /** Holds the last results against the scalar twin's. */
    void verify(PeerOperands carrier, Operands operands, Map<Product, TwinCheck> twins) throws PeerException {
        for (Product product : Product.values()) {
            float[] result = peer.process().result(works.get(product));
            double deviation = deviation(product, result, carrier, operands, twins.get(product));
            // Written so that NaN fails.
            if (!(deviation <= TwinCheck.TOLERANCE)) {
                throw new PeerException(peer.process().provider() + ", " + shape.name() + ", " + product
                        + ": got a deviation of " + deviation
                        + " of the largest number from the scalar twin, expected at"
                        + " most " + TwinCheck.TOLERANCE);
            }
            deviations.merge(product, deviation, Math::max);
        }
    }

    private double deviation(
            Product product, float[] result, PeerOperands carrier, Operands operands, TwinCheck twin)
            throws PeerException {
        try {
            carrier.accept(product, result);
        } catch (IllegalArgumentException e) {
            throw new PeerException(
                    peer.process().provider() + ", " + shape.name() + ", " + product + ": " + e.getMessage(), e);
        }
        return twin.deviation(operands);
    }

    /**
     * The three products and all together.
     *
     * @param dense our measurements on as many threads
     */
    List<KernelMeasurement> measurements(List<KernelMeasurement> dense) {
        return dense.stream()
                .map(ours -> {
                    Spread spread = Spread.of(ours.product().map(nanos::get).orElseGet(this::together));
                    double deviation = ours.product()
                            .map(deviations::get)
                            .orElseGet(() -> deviations.values().stream().mapToDouble(one -> one).max().orElse(0));
                    // Of the same operations, though a peer may execute more: padding, or fewer by another algorithm.
                    double ratio = ours.spread().medianNanos() / spread.medianNanos();
                    return new KernelMeasurement(
                            peer.process().provider(),
                            shape,
                            ours.product(),
                            Optional.empty(),
                            peer.threads(),
                            spread,
                            ours.gflops() * ratio,
                            ratio,
                            deviation,
                            Optional.empty(),
                            Double.NaN);
                })
                .toList();
    }

    private long[] together() {
        long[] sums = new long[nanos.get(Product.FORWARD).length];
        Arrays.setAll(sums, round -> nanos.values().stream().mapToLong(one -> one[round]).sum());
        return sums;
    }

    /** Frees what was prepared. */
    void release() throws PeerException {
        for (Prepared work : works.values()) {
            peer.process().release(work);
        }
    }
}
