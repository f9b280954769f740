package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.harness.peer.PeerException;
import org.bame.harness.peer.PeerProcess;
import org.bame.harness.peer.PeerProcess.Prepared;
import org.bame.method.MethodPhase;

/** A network in training by another library, with its times. */
final class TrainedByPeer implements AutoCloseable {

    /** A turn lasts no longer than this unless a single step does: with a slow library there are fewer steps, not hours. */
    private static final double TURN_NANOS = 10e9;
    /** Sums of 32-bit numbers in another order stay far below it; another network does not. */
    private static final double LOSS_TOLERANCE = 1e-3;
    private static final double NANOS = 1e9;

    private final PeerProcess process;
    private final Prepared work;
    private final List<Long> nanos = new ArrayList<>();
    /** A recent step's time. */
    private long stepNanos;

    TrainedByPeer(PeerProcess process, Prepared work) {
        this.process = process;
        this.work = work;
    }

    /** Takes untimed steps. */
    void warmUp(int steps) throws PeerException {
        process.time(List.of(work), StepBenchmark.FIRST_STEPS - 1, 0);
        stepNanos = process.time(List.of(work), 0, 1)[0];
        process.time(List.of(work), Math.min(affordable(), steps - StepBenchmark.FIRST_STEPS), 0);
    }

    /** Takes timed steps, so many at most, behind untimed ones that keep its threads awake for as long as ours. */
    void turn(int steps) throws PeerException {
        int untimed = (int) Math.max(1, ShapeBenchmark.WAKE_NANOS / stepNanos);
        for (long time : process.time(List.of(work), untimed, Math.min(affordable(), steps))) {
            nanos.add(time);
            stepNanos = time;
        }
    }

    private int affordable() {
        return (int) Math.max(1, TURN_NANOS / stepNanos);
    }

    /**
     * Finds out whether it trained what we did.
     *
     * @param firstLoss ours, of the same network on the same batch
     * @throws PeerException if not
     */
    void verify(double firstLoss) throws PeerException {
        float[] losses = process.result(work);
        // Written so that NaN fails.
        if (losses.length != 2 || !(Math.abs(losses[0] - firstLoss) <= LOSS_TOLERANCE * firstLoss)) {
            throw new PeerException(process.provider() + ": got a first loss of "
                    + (losses.length == 0 ? "nothing" : losses[0]) + ", expected " + firstLoss + " as ours");
        }
        if (!Float.isFinite(losses[1])) {
            throw new PeerException(process.provider() + ": got a loss of " + losses[1] + " at the end, expected a"
                    + " finite one: times of a diverged training mean nothing");
        }
    }

    /** Whether it has taken timed steps. */
    boolean isTimed() {
        return !nanos.isEmpty();
    }

    /**
     * What was measured.
     *
     * @param batch images of a step
     * @param denseMeanNanos of our dense step
     */
    StepMeasurement measurement(int batch, double denseMeanNanos) {
        long[] times = nanos.stream().mapToLong(Long::longValue).toArray();
        double mean = nanos.stream().mapToLong(Long::longValue).average().orElse(Double.NaN);
        return new StepMeasurement(
                process.provider(),
                "dense",
                "dense",
                MethodPhase.steady(times.length).getFirst(),
                times.length,
                Spread.of(times),
                mean,
                batch * NANOS / mean,
                denseMeanNanos / mean,
                process.peakBytes(),
                Map.of(),
                Optional.empty(),
                Double.NaN);
    }

    @Override
    public void close() {
        process.close();
    }
}
