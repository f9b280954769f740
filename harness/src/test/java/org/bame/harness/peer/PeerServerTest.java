package org.bame.harness.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.junit.jupiter.api.Test;

class PeerServerTest {

    /** So that the first work, too, finds the caches as another left them. */
    @Test
    void everyWorkIsDoneInEveryRoundTimedOrNot() {
        List<Product> done = new ArrayList<>();
        PeerServer server = new PeerServer(new Peer() {
            @Override
            public String provider() {
                return "fake";
            }

            @Override
            public PeerWork convolve(PeerRequest.Convolve request) {
                return new Work(() -> done.add(request.product()));
            }
        });
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(1, 1, 1), 1, 1, 1, 0);
        for (Product product : Product.values()) {
            server.answer(new PeerRequest.Convolve(product, shape, 1, Path.of("none")).line());
        }

        String times = server.answer(new PeerRequest.Time(2, 1, List.of(0, 1, 2)).line()).text();

        assertThat(times.split("\t")).hasSize(3);
        List<Product> round = List.of(Product.values());
        List<Product> expected = new ArrayList<>(round);
        expected.addAll(round);
        expected.addAll(round);
        assertThat(done).isEqualTo(expected);
    }

    private record Work(Runnable action) implements PeerWork {
        @Override
        public long parameters() {
            return 1;
        }

        @Override
        public void run() {
            action.run();
        }

        @Override
        public float[] result() {
            return new float[0];
        }

        @Override
        public void close() {}
    }
}
