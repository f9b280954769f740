package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bame.harness.networks.PlannedNetwork;
import org.bame.harness.peer.PeerException;
import org.bame.harness.peer.PeerLibrary;
import org.bame.harness.peer.PeerProcess;
import org.bame.harness.peer.PeerProcess.Prepared;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerScratch;
import org.bame.harness.peer.Peers;

/** The peers of a step benchmark, each in a process of its own. One that fails is left out, and the user is told. */
final class StepPeers implements AutoCloseable {

    private final StepBenchmarkPlan plan;
    private final double firstLoss;
    private final MeasureObserver observer;
    private final List<TrainedByPeer> trained = new ArrayList<>();

    private StepPeers(StepBenchmarkPlan plan, double firstLoss, MeasureObserver observer) {
        this.plan = plan;
        this.firstLoss = firstLoss;
        this.observer = observer;
    }

    /**
     * Starts them and warms them up.
     *
     * @param ours trainers that have taken a step; the first loss of a dense one is what theirs must be
     */
    static StepPeers start(
            Peers peers,
            StepBenchmarkPlan plan,
            RandomBatch batch,
            List<StepTrainer> ours,
            MeasureObserver observer) {
        double firstLoss = ours.stream()
                .filter(trainer -> trainer.variant().isDense())
                .mapToDouble(StepTrainer::firstLoss)
                .findFirst()
                .orElse(Double.NaN);
        StepPeers started = new StepPeers(plan, firstLoss, observer);
        if (peers.libraries().isEmpty()) {
            return started;
        }
        Optional<PeerTraining> told = plan.network() instanceof PlannedNetwork network
                ? Optional.of(new PeerTraining(plan, network)).filter(PeerTraining::isPossible)
                : Optional.empty();
        if (told.isPresent()) {
            PeerTraining training = told.get();
            try (PeerScratch scratch = PeerScratch.create()) {
                PeerRequest.Train request = training.write(batch, scratch);
                peers.libraries().forEach(library -> started.add(library, peers, request, training.parameters()));
            }
        } else {
            observer.note(plan.network().name() + " has no plan that other libraries could follow, or one with"
                    + " dropout or attention, or is not trained by SGD. They are left out");
        }
        return started;
    }

    private void add(PeerLibrary library, Peers peers, PeerRequest.Train request, long parameters) {
        try {
            PeerProcess process = PeerProcess.start(peers.folder(), library, plan.threads());
            try {
                Prepared work = process.prepare(request);
                if (work.parameters() != parameters) {
                    throw new PeerException(process.provider() + ": got a network of " + work.parameters()
                            + " parameters, expected " + parameters + " as ours");
                }
                TrainedByPeer peer = new TrainedByPeer(process, work);
                peer.warmUp(plan.warmUpSteps());
                peer.verify(firstLoss);
                trained.add(peer);
            } catch (PeerException e) {
                process.close();
                throw e;
            }
        } catch (PeerException e) {
            observer.note(e.getMessage() + ". It is left out");
        }
    }

    /**
     * Lets each take timed steps, so many at most.
     *
     * @return whether there is any
     */
    boolean turn(int steps) {
        if (trained.isEmpty()) {
            return false;
        }
        PeerProcess.letThreadsSleep();
        each(peer -> {
            peer.turn(steps);
            PeerProcess.letThreadsSleep();
        });
        return true;
    }

    /** Checks each that was timed again, adds its measurement to ours, and compares ours with the fastest. */
    List<StepMeasurement> compare(List<StepMeasurement> ours) {
        each(peer -> peer.verify(firstLoss));
        double dense = ours.stream()
                .filter(one -> one.pattern().equals("dense"))
                .mapToDouble(StepMeasurement::meanNanos)
                .findFirst()
                .orElse(Double.NaN);
        List<StepMeasurement> theirs =
                trained.stream().filter(TrainedByPeer::isTimed).map(peer -> peer.measurement(plan.batch(), dense))
                        .toList();
        Optional<StepMeasurement> fastest =
                theirs.stream().min(Comparator.comparingDouble(StepMeasurement::meanNanos));
        List<StepMeasurement> all = new ArrayList<>();
        ours.forEach(one -> all.add(fastest.map(one::against).orElse(one)));
        all.addAll(theirs);
        return all;
    }

    private interface Action {
        void on(TrainedByPeer peer) throws PeerException;
    }

    private void each(Action action) {
        for (TrainedByPeer peer : List.copyOf(trained)) {
            try {
                action.on(peer);
            } catch (PeerException e) {
                observer.note(e.getMessage() + ". It is left out");
                trained.remove(peer);
                peer.close();
            }
        }
    }

    @Override
    public void close() {
        trained.forEach(TrainedByPeer::close);
    }
}
