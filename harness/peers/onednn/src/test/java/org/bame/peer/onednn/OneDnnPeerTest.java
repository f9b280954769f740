package org.bame.peer.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerWork;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneDnnPeerTest {

    @TempDir
    private Path folder;

    /** Two images of 1x2 pixels and two channels, to one channel through a 1x1 kernel: by hand. */
    @Test
    void computesTheThreeProducts() throws IOException {
        PeerFiles.write(folder.resolve(PeerFiles.WEIGHTS), new float[]{2, 3});
        PeerFiles.write(folder.resolve(PeerFiles.X), new float[]{1, 2, 10, 20, 3, 4, 30, 40});
        PeerFiles.write(folder.resolve(PeerFiles.DY), new float[]{1, -1, 2, 0});

        assertThat(result(Product.FORWARD)).containsExactly(32, 64, 96, 128);
        assertThat(result(Product.INPUT_GRADIENT)).containsExactly(2, -2, 3, -3, 4, 0, 6, 0);
        assertThat(result(Product.WEIGHT_GRADIENT)).containsExactly(5, 50);
    }

    private float[] result(Product product) throws IOException {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(2, 1, 2), 1, 1, 1, 0);
        try (PeerWork work = new OneDnnPeer().convolve(new PeerRequest.Convolve(product, shape, 2, folder))) {
            assertThat(work.parameters()).isEqualTo(2);
            work.run();
            return work.result();
        }
    }
}
