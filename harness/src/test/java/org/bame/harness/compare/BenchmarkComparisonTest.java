package org.bame.harness.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.bame.harness.statistics.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkComparisonTest {

    private static final String LATER = "started_at=t2";

    @TempDir
    private Path folder;

    private ResultsFiles before;
    private ResultsFiles after;

    @BeforeEach
    void knowTheMachine() {
        before = new ResultsFiles(folder.resolve("before")).environment("e1", "Zen 5", "c1");
        after = new ResultsFiles(folder.resolve("after")).environment("e1", "Zen 5", "c1");
    }

    /** The noise of both is ln(1.01), together sqrt(2) times that, 1.42 %; the tolerance is 5 %. */
    @ParameterizedTest
    @CsvSource({
        "1000, EQUAL", "1035, EQUAL", "1040, INCONCLUSIVE", "1060, INCONCLUSIVE", "1066, WORSE", "935, BETTER"
    })
    void aTimeIsJudgedByTheSpreadOfItsRounds(double nanos, Verdict expected) {
        before.kernel("s", 1000);
        after.kernel("s", nanos, LATER);

        Comparison time = find("notes s forward", "median_nanos");

        assertThat(time.verdict()).isEqualTo(expected);
        assertThat(time.change()).isEqualTo(nanos / 10 - 100, within(1e-9));
        assertThat(time.interval().orElseThrow().high())
                .isEqualTo(100 * (nanos / 1000 * Math.pow(1.01, Math.sqrt(2)) - 1), within(1e-6));
    }

    @Test
    void aTimeOfUnknownSpreadDoesNotTell() {
        before.kernel("s", 1000, "p10_nanos=");
        after.kernel("s", 2000, LATER);

        Comparison time = find("notes s forward", "median_nanos");

        assertThat(time.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(time.interval()).isEmpty();
    }

    @Test
    void devicesAndDataTypesAreKeptApart() {
        before.kernel("s", 1000).kernel("s", 100, "device=cuda").kernel("s", 500, "data_type=float16");
        after.kernel("s", 1000, LATER).kernel("s", 200, LATER, "device=cuda").kernel("s", 500, LATER,
                "data_type=float16");

        assertThat(report().comparisons())
                .filteredOn(one -> one.measure().column().equals("median_nanos"))
                .extracting(Comparison::subject, Comparison::verdict)
                .containsExactly(
                        tuple("simd512 notes s forward 1:4 threads 2", Verdict.EQUAL),
                        tuple("simd512 notes s forward 1:4 threads 2 cuda", Verdict.WORSE),
                        tuple("simd512 notes s forward 1:4 float16 threads 2", Verdict.EQUAL));
    }

    @Test
    void shapesMakeAGeometricMean() {
        before.kernel("s1", 1000).kernel("s2", 4000).kernel("s3", 9000);
        after.kernel("s1", 1300, LATER).kernel("s2", 5000, LATER).kernel("s3", 12000, LATER);

        Comparison mean = find("geometric mean simd512 notes forward 1:4 threads 2", "median_nanos");

        assertThat(mean.count()).isEqualTo(3);
        assertThat(mean.from()).isEqualTo(Math.cbrt(36e9), within(1e-6));
        assertThat(mean.change()).isEqualTo(100 * (Math.cbrt(1.3 * 1.25 * 4 / 3) - 1), within(1e-9));
        assertThat(mean.verdict()).isEqualTo(Verdict.WORSE);
    }

    /** What our dense kernel gains its sparse ones lose over it. */
    @ParameterizedTest
    @CsvSource({"1000, 1.5, INCONCLUSIVE", "1400, 1.4, WORSE", "1000, 2.6, INCONCLUSIVE", "700, 2.8, BETTER"})
    void aSpeedUpOverDenseMovesOnlyWithItsOwnTime(double nanos, double speedup, Verdict expected) {
        before.kernel("s", 1000);
        after.kernel("s", nanos, LATER, "speedup_vs_dense=" + speedup);

        assertThat(find("notes s forward", "speedup_vs_dense").verdict()).isEqualTo(expected);
    }

    @Test
    void aSpeedUpIsOverTheSamePeer() {
        before.kernel("s", 1000).kernel("u", 1000);
        after.kernel("s", 1000, LATER, "peer=onednn-4.0.0").kernel("u", 1000, LATER, "speedup_vs_peer=1.2");

        ComparisonReport report = report();

        assertThat(report.comparisons())
                .filteredOn(one -> one.measure().equals(Measure.VS_PEER))
                .singleElement()
                .satisfies(one -> assertThat(one.subject()).contains("notes u"))
                .satisfies(one -> assertThat(one.verdict()).isEqualTo(Verdict.WORSE));
    }

    @Test
    void peersAreAYardstickAndNotJudged() {
        before.kernel("s", 1000).kernel("s", 1000, "provider=onednn-3.13.0", "pattern=dense", "peer=",
                "speedup_vs_peer=");
        after.kernel("s", 1000, LATER).kernel("s", 3000, LATER, "provider=onednn-3.13.0", "pattern=dense", "peer=",
                "speedup_vs_peer=");

        ComparisonReport report = report();

        assertThat(report.count(Verdict.WORSE)).isZero();
        assertThat(report.comparisons()).allSatisfy(one -> assertThat(one.subject()).doesNotContain("onednn"));
        assertThat(report.notes()).singleElement().asString().contains("onednn-3.13.0", "+200.0 %");
    }

    /** Each run's rounds are much alike, but the runs are not. */
    @Test
    void runsOfABenchmarkAreItsSample() {
        for (double nanos : new double[]{1000, 1200, 1400}) {
            before.kernel("s", nanos, "started_at=t" + nanos);
            after.kernel("s", 1.1 * nanos, "started_at=u" + nanos);
        }
        Comparison noisy = find("notes s forward", "median_nanos");
        assertThat(noisy.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(noisy.count()).isEqualTo(3);
        assertThat(noisy.change()).isEqualTo(10, within(1e-9));
        assertThat(noisy.interval().orElseThrow().contains(0)).isTrue();
    }

    /** A mask update every hundred steps changes no median. */
    @Test
    void stepsAreComparedByTheirMeans() {
        before.step("maxq", 1000).step("bame", 1000);
        after.step("maxq", 1200, LATER).step("bame", 1000, LATER, "median_nanos=2000");

        ComparisonReport report = report();

        assertThat(report.comparisons())
                .filteredOn(one -> one.measure().column().equals("mean_nanos"))
                .extracting(Comparison::subject, Comparison::verdict)
                .containsExactly(
                        tuple("simd512 resnet8 batch 128 maxq 1:4 steady threads 2", Verdict.WORSE),
                        tuple("simd512 resnet8 batch 128 bame 1:4 steady threads 2", Verdict.EQUAL));
        assertThat(report.comparisons()).noneSatisfy(one -> assertThat(one.subject()).contains("geometric"));
    }

    @Test
    void rowsThatOneSideLacksAreListed() {
        before.kernel("s", 1000).kernel("gone", 1000);
        after.kernel("s", 1000).kernel("s", 1000, "pattern=1:8");

        ComparisonReport report = report();

        assertThat(report.onlyFirst()).containsExactly("simd512 notes gone forward 1:4 threads 2");
        assertThat(report.onlySecond()).containsExactly("simd512 notes s forward 1:8 threads 2");
    }

    @Test
    void timesOfOtherProcessorsAreShownButNotJudged() {
        after.environment("e2", "Skylake", "c1");
        for (String shape : Arrays.asList("s", "u")) {
            before.kernel(shape, 1000);
            after.kernel(shape, 2000, LATER, "environment_id=e2");
        }

        assertThat(report().comparisons())
                .hasSize(9)
                .allSatisfy(one -> assertThat(one.verdict()).isEqualTo(Verdict.INCONCLUSIVE))
                .allSatisfy(one -> assertThat(one.reason()).isEqualTo("other machine"));
    }

    private ComparisonReport report() {
        return ResultsComparison.of(before.source(), after.source(), ResultsFiles.options());
    }

    private Comparison find(String subject, String measure) {
        return report().comparisons().stream()
                .filter(one -> one.subject().contains(subject)
                        && one.measure().column().equals(measure))
                .findFirst()
                .orElseThrow();
    }
}
