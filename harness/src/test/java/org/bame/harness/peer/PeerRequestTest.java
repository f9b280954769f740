package org.bame.harness.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerRequestTest {

    private static Stream<PeerRequest> requests() {
        return Stream.of(
                new PeerRequest.Convolve(
                        Product.WEIGHT_GRADIENT,
                        new ConvolutionShape(new FeatureShape(3, 5, 7), 11, 3, 2, 2, 1),
                        13,
                        Path.of("/tmp/a folder")),
                new PeerRequest.Train(128, 0.01, 0.9, 5e-4, Path.of("/tmp/b")),
                new PeerRequest.Time(1, 2, List.of(3)),
                new PeerRequest.Time(0, 5, List.of(3, 1, 2)),
                new PeerRequest.Result(4, Path.of("file")),
                new PeerRequest.Release(5));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readsWhatItWrites(PeerRequest request) {
        assertThat(request.line()).doesNotContain("\n");
        assertThat(PeerRequest.parse(request.line())).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "tme\t1\t2\t3", "time\t1\t2", "time\t1\t2\t3\t", "time\t1\tx\t3", "time 1 2 3",
                "train\t1\t0.1\tnone\t0\t/tmp", "convolve\tsideways\t3\t5\t7\t11\t3\t2\t2\t1\t13\t/tmp",
                "convolve\tforward\t3\t5\t7\t11\t9\t9\t1\t0\t13\t/tmp"})
    void refusesWhatIsNoRequest(String line) {
        assertThatThrownBy(() -> PeerRequest.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*(expected|larger than).*");
    }

    @Test
    void answersAreToldFromWhatALibraryPrints() {
        PeerReply failed = PeerReply.failed(new IllegalStateException("two\nlines"));
        assertThat(failed.line()).doesNotContain("\n").contains("two lines");
        assertThat(PeerReply.parse(failed.line())).contains(failed);
        PeerReply done = PeerReply.done("");
        assertThat(PeerReply.parse(done.line())).contains(done);
        assertThat(PeerReply.parse("ok, loading")).isEmpty();
        assertThat(PeerReply.parse("")).isEmpty();
    }
}
