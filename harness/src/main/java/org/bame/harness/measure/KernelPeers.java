package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bame.harness.measure.PeerProducts.RunningPeer;
import org.bame.harness.peer.PeerException;
import org.bame.harness.peer.PeerLibrary;
import org.bame.harness.peer.PeerProcess;
import org.bame.harness.peer.PeerScratch;
import org.bame.harness.peer.Peers;
import org.bame.kernel.Product;

/** The peers of a kernel benchmark: of each library a process for every number of threads. */
final class KernelPeers implements AutoCloseable {

    private final List<RunningPeer> running = new ArrayList<>();
    private final MeasureObserver observer;

    private KernelPeers(MeasureObserver observer) {
        this.observer = observer;
    }

    /** Starts them; the user is told of those that cannot be had. */
    static KernelPeers start(Peers peers, List<Integer> threads, MeasureObserver observer) {
        KernelPeers started = new KernelPeers(observer);
        for (PeerLibrary library : peers.libraries()) {
            try {
                for (int count : threads) {
                    started.running.add(
                            new RunningPeer(PeerProcess.start(peers.folder(), library, count), count));
                }
            } catch (PeerException e) {
                observer.note(e.getMessage() + ". It is left out");
            }
        }
        return started;
    }

    /**
     * Prepares the dense products of a shape.
     *
     * @param operands read, and where results are checked
     * @param twins of the dense products
     * @param rounds timed calls of each
     */
    ShapePeers prepare(KernelShape shape, Operands operands, Map<Product, TwinCheck> twins, int rounds) {
        running.removeIf(peer -> !peer.process().isAlive());
        List<PeerProducts> prepared = new ArrayList<>();
        PeerOperands carrier = new PeerOperands(shape, operands);
        if (!running.isEmpty()) {
            try (PeerScratch scratch = PeerScratch.create()) {
                carrier.write(scratch);
                for (RunningPeer peer : running) {
                    PeerProducts products = new PeerProducts(peer, shape, rounds);
                    prepare(products, scratch, prepared);
                }
            }
        }
        return new ShapePeers(prepared, operands, carrier, twins, observer);
    }

    private void prepare(PeerProducts products, PeerScratch scratch, List<PeerProducts> prepared) {
        try {
            products.prepare(scratch.folder());
            prepared.add(products);
        } catch (PeerException e) {
            observer.note(e.getMessage() + ". This shape is measured without it");
        }
    }

    @Override
    public void close() {
        running.forEach(peer -> peer.process().close());
    }
}
