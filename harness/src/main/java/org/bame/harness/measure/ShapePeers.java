package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.harness.peer.PeerException;
import org.bame.harness.peer.PeerProcess;
import org.bame.kernel.Product;

/** The peers at one shape. One that fails is left out from then on, and the user is told. */
final class ShapePeers implements AutoCloseable {

    private final Operands operands;
    private final PeerOperands carrier;
    private final Map<Product, TwinCheck> twins;
    private final MeasureObserver observer;
    private final List<PeerProducts> peers;

    /**
     * @param peers that have been prepared
     * @param operands where their results are checked
     * @param carrier of the results
     * @param twins of the dense products
     */
    ShapePeers(
            List<PeerProducts> peers,
            Operands operands,
            PeerOperands carrier,
            Map<Product, TwinCheck> twins,
            MeasureObserver observer) {
        this.operands = operands;
        this.carrier = carrier;
        this.twins = twins;
        this.observer = observer;
        this.peers = new ArrayList<>(peers);
    }

    /** Warms all up, each for so long at least, and checks them. */
    void warmUp(long leastNanos) {
        each(peer -> peer.warmUp(leastNanos, carrier, operands, twins));
    }

    /** Times each product of each peer once. */
    void round(int round) {
        if (!peers.isEmpty()) {
            PeerProcess.letThreadsSleep();
            each(peer -> {
                peer.round(round);
                PeerProcess.letThreadsSleep();
            });
        }
    }

    /** Checks each peer again, adds its measurements to ours, and compares ours with the fastest. */
    List<KernelMeasurement> finish(List<KernelMeasurement> ours) {
        each(peer -> peer.verify(carrier, operands, twins));
        List<KernelMeasurement> theirs = new ArrayList<>();
        for (PeerProducts peer : peers) {
            theirs.addAll(peer.measurements(ours.stream()
                    .filter(one -> one.pattern().isEmpty() && one.threads() == peer.peer().threads())
                    .toList()));
        }
        List<KernelMeasurement> all = new ArrayList<>();
        ours.forEach(one -> all.add(fastest(one, theirs).map(one::against).orElse(one)));
        all.addAll(theirs);
        return all;
    }

    private static Optional<KernelMeasurement> fastest(KernelMeasurement one, List<KernelMeasurement> theirs) {
        return theirs.stream()
                .filter(peer -> peer.product().equals(one.product()) && peer.threads() == one.threads())
                .min(Comparator.comparingDouble(peer -> peer.spread().medianNanos()));
    }

    private interface Action {
        void on(PeerProducts peer) throws PeerException;
    }

    private void each(Action action) {
        for (PeerProducts peer : List.copyOf(peers)) {
            try {
                action.on(peer);
            } catch (PeerException e) {
                observer.note(e.getMessage() + ". This shape is measured without it");
                peers.remove(peer);
            }
        }
    }

    @Override
    public void close() {
        each(PeerProducts::release);
    }
}
