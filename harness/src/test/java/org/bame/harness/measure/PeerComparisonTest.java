package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bame.baselines.Baselines;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.device.CpuDevice;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.peer.FakePeer;
import org.bame.harness.peer.PeerFolder;
import org.bame.harness.peer.PeerLibrary;
import org.bame.harness.peer.Peers;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import org.bame.sparsity.NmPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks beside libraries of plain loops: what a native one would do, without one. */
class PeerComparisonTest {

    private static final NmPattern QUARTER = new NmPattern(1, 4);
    /** Rows unlike columns, a stride, a batch of two blocks: every order of numbers matters. */
    private static final KernelShape STRIDED =
            new KernelShape(ConvolutionShape.square(new FeatureShape(8, 6, 5), 6, 3, 2, 1), 35);

    private final List<String> notes = new ArrayList<>();
    private final MeasureObserver observer = new MeasureObserver() {
        @Override
        public void progress(String what, long done, long total) {}

        @Override
        public void note(String text) {
            notes.add(text);
        }
    };

    @TempDir
    private Path folder;

    @Test
    void kernelsAreComparedWithASoundPeer() {
        List<KernelMeasurement> measured = kernels(FakePeer.peers(folder, FakePeer.class));

        assertThat(notes).isEmpty();
        // Ours dense, ours sparse, theirs; three products and all together.
        assertThat(measured).hasSize(3 * 4);
        List<KernelMeasurement> theirs =
                measured.stream().filter(one -> one.provider().equals("fake-1.0")).toList();
        assertThat(theirs).hasSize(4).allSatisfy(one -> {
            assertThat(one.pattern()).isEmpty();
            assertThat(one.peer()).isEmpty();
            assertThat(one.speedupVsPeer()).isNaN();
            assertThat(one.deviation()).isLessThan(TwinCheck.TOLERANCE);
            assertThat(one.spread().p10Nanos()).isPositive();
        });
        assertThat(measured.subList(0, 8)).allSatisfy(one -> {
            KernelMeasurement peer = theirs.stream()
                    .filter(other -> other.product().equals(one.product()))
                    .findFirst()
                    .orElseThrow();
            assertThat(one.peer()).contains("fake-1.0");
            assertThat(one.speedupVsPeer())
                    .isEqualTo(peer.spread().medianNanos() / one.spread().medianNanos());
            if (one.pattern().isEmpty()) {
                assertThat(peer.speedupVsDense()).isCloseTo(1 / one.speedupVsPeer(), within(1e-9));
                assertThat(peer.gflops() * peer.spread().medianNanos())
                        .isCloseTo(one.gflops() * one.spread().medianNanos(), within(1e-3));
            }
        });
    }

    @Test
    void aWrongPeerIsLeftOut() {
        List<KernelMeasurement> measured =
                kernels(FakePeer.peers(folder, FakePeer.Wrong.class, FakePeer.Unloadable.class, FakePeer.class));

        assertThat(notes).hasSize(2);
        assertThat(notes.get(0)).contains("Unloadable failed", "left out");
        assertThat(notes.get(1)).contains("wrong-1.0", "deviation", "scalar twin", "without it");
        assertThat(measured).extracting(KernelMeasurement::provider).contains("fake-1.0").doesNotContain("wrong-1.0");
    }

    @Test
    void aPeerThatDiesLeavesOursStanding() {
        List<KernelMeasurement> measured = kernels(FakePeer.peers(folder, FakePeer.Dying.class));

        assertThat(notes).singleElement().asString().contains("Dying ended unexpectedly");
        assertThat(measured).hasSize(2 * 4).allSatisfy(one -> assertThat(one.peer()).isEmpty());
    }

    @Test
    void stepsAreComparedWithAPeerThatTrainsTheSameNetwork() {
        List<StepMeasurement> measured = steps(FakePeer.peers(folder, FakePeer.class));

        assertThat(notes).isEmpty();
        assertThat(measured).hasSize(2);
        StepMeasurement ours = measured.getFirst();
        StepMeasurement theirs = measured.getLast();
        assertThat(theirs.provider()).isEqualTo("fake-1.0");
        assertThat(theirs.steps()).isEqualTo(12);
        assertThat(theirs.peer()).isEmpty();
        assertThat(ours.peer()).contains("fake-1.0");
        assertThat(ours.speedupVsPeer()).isEqualTo(theirs.meanNanos() / ours.meanNanos());
        assertThat(theirs.speedupVsDense()).isCloseTo(1 / ours.speedupVsPeer(), within(1e-9));
        assertThat(theirs.imagesPerSecond()).isCloseTo(4e9 / theirs.meanNanos(), within(1e-6));
    }

    @Test
    void aPeerThatTrainsAnotherNetworkIsLeftOut() {
        Peers peers = FakePeer.peers(folder, FakePeer.Wrong.class, FakePeer.Smaller.class);
        Peers missing = new Peers(
                new PeerFolder(folder), List.of(new PeerLibrary("Missing", "missing", "nothing")));

        assertThat(steps(peers)).singleElement().satisfies(ours -> assertThat(ours.peer()).isEmpty());
        assertThat(notes).hasSize(2);
        assertThat(notes.get(0)).contains("wrong-1.0", "a first loss of", "as ours");
        assertThat(notes.get(1)).contains("parameters, expected");
        assertThat(steps(missing)).hasSize(1);
        assertThat(notes.get(2)).contains("Missing was not built", "left out");
    }

    private List<KernelMeasurement> kernels(Peers peers) {
        KernelBenchmarkPlan plan =
                new KernelBenchmarkPlan(List.of(STRIDED), List.of(QUARTER), List.of(1), 2, 0, 1);
        return new KernelBenchmark(plan, new CpuDevice(), peers, observer).run(any -> {});
    }

    private List<StepMeasurement> steps(Peers peers) {
        Suite suite = SuiteLoader.load();
        DataSetShape data = DataSetShape.find("cifar10").orElseThrow();
        StepBenchmarkPlan plan = new StepBenchmarkPlan(
                suite.networks().get("tiny-net", "test"),
                data,
                suite.recipes().get(data.recipe(), "test").recipe(),
                4,
                List.of(Baselines.all().stream()
                        .filter(method -> method.name().equals("dense"))
                        .findFirst()
                        .orElseThrow()),
                List.of(QUARTER),
                12,
                3,
                KernelPolicy.SPARSE,
                1,
                1);
        try (Kernels kernels = KernelProviders.simd(1)) {
            return new StepBenchmark(plan, kernels, peers, observer).run();
        }
    }
}
