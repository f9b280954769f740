package org.bame.harness.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bame.harness.config.ConfigurationException;
import org.bame.harness.results.ResultsException;
import org.bame.harness.statistics.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunComparisonTest {

    @TempDir
    private Path folder;

    private ResultsFiles before;
    private ResultsFiles after;

    @BeforeEach
    void knowTheMachine() {
        before = new ResultsFiles(folder.resolve("before")).environment("e1", "Zen 5", "c1");
        after = new ResultsFiles(folder.resolve("after")).environment("e1", "Zen 5", "c1");
    }

    /** Seeds of very different accuracy, but each a little above or below itself: only pairs show it. */
    @ParameterizedTest
    @CsvSource({
        "0.012, 0.010, 0.011, BETTER",
        "-0.012, -0.010, -0.011, WORSE",
        "0.001, -0.001, 0.000, EQUAL",
        "0.020, -0.010, 0.000, INCONCLUSIVE",
        "-0.004, -0.006, -0.005, INCONCLUSIVE"
    })
    void runsOfOneSeedArePairs(double first, double second, double third, Verdict expected) {
        before.run(1, 0.60).run(2, 0.70).run(3, 0.80);
        after.run(3, 0.80 + third).run(1, 0.60 + first).run(2, 0.70 + second);

        Comparison top1 = compare("final_top1");

        assertThat(top1.verdict()).isEqualTo(expected);
        assertThat(top1.count()).isEqualTo(3);
        assertThat(top1.from()).isEqualTo(0.7, within(1e-12));
        assertThat(top1.change()).isEqualTo(100 * (first + second + third) / 3, within(1e-9));
        assertThat(top1.interval().orElseThrow().contains(top1.change())).isTrue();
    }

    @Test
    void aSingleSeedDoesNotTellUnlessNothingChanged() {
        before.run(1, 0.7, "train_seconds=90");
        after.run(1, 0.5, "train_seconds=90");

        ComparisonReport report = report();

        Comparison top1 = only(report, "final_top1");
        assertThat(top1.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(top1.interval()).isEmpty();
        assertThat(top1.reason()).isEqualTo("1 seed");
        assertThat(only(report, "final_loss").verdict()).isEqualTo(Verdict.EQUAL);
        assertThat(only(report, "train_seconds").reason()).isEqualTo("identical");
    }

    /** Of another configuration the same digits may be chance. */
    @Test
    void aSingleSeedOfAnotherConfigurationNeverTells() {
        before.run(1, 0.7);
        after.run(1, 0.7, "run_id=w-sr-ste-1-4-s1-0b");

        ComparisonReport report = report();

        assertThat(only(report, "final_top1").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(report.notes()).singleElement().asString().contains("w sr-ste 1:4", "another configuration");
    }

    @ParameterizedTest
    @CsvSource({"0.75, EQUAL", "0.7501, EQUAL", "0.76, WORSE", "0.74, WORSE"})
    void costsOfTheSameRunMustNotChange(double ratio, Verdict expected) {
        before.run(1, 0.7);
        after.run(1, 0.7, "train_ratio_paper=" + ratio);

        assertThat(compare("train_ratio_paper").verdict()).isEqualTo(expected);
    }

    /** One seed more, one less: the mean is as it was. */
    @Test
    void costsMustNotChangeForAnySeed() {
        before.run(1, 0.7).run(2, 0.7);
        after.run(1, 0.7, "train_ratio_paper=0.7").run(2, 0.7, "train_ratio_paper=0.8");

        assertThat(compare("train_ratio_paper").verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void seedsThatOneSideLacksAreListedAndLeftOut() {
        before.run(1, 0.7).run(2, 0.71).run(4, 0.1).run(1, 0.9, "method=bame", "run_id=b");
        after.run(1, 0.7).run(2, 0.71).run(5, 0.99).run(3, 0.2, "method=ste", "run_id=s");

        ComparisonReport report = report();

        assertThat(only(report, "final_top1").count()).isEqualTo(2);
        assertThat(report.onlyFirst()).containsExactly("w sr-ste 1:4 seed 4", "w bame 1:4 seed 1");
        assertThat(report.onlySecond()).containsExactly("w sr-ste 1:4 seed 5", "w ste 1:4 seed 3");
    }

    @Test
    void otherSeedsAreNoPairs() {
        before.run(1, 0.70).run(2, 0.71).run(3, 0.72);
        after.run(4, 0.50).run(5, 0.51).run(6, 0.52);

        Comparison top1 = compare("final_top1");

        assertThat(top1.verdict()).isEqualTo(Verdict.WORSE);
        assertThat(top1.reason()).isEqualTo("no seed in common");
        assertThat(top1.change()).isEqualTo(-20, within(1e-9));
    }

    @Test
    void aRunThatNoLongerFinishesIsWorse() {
        before.run(1, 0.70).run(2, 0.71);
        after.run(1, 0.70).run(2, 0.1, "status=diverged");

        ComparisonReport report = report();

        Comparison status = only(report, "status");
        assertThat(status.verdict()).isEqualTo(Verdict.WORSE);
        assertThat(status.change()).isEqualTo(-50, within(1e-9));
        assertThat(only(report, "final_top1").count()).isEqualTo(1);
    }

    @Test
    void oneNameForSeveralConfigurationsIsComparedRunByRun() {
        before.run(1, 0.6, "run_id=x").run(1, 0.8, "run_id=y");
        after.run(1, 0.6, "run_id=x").run(1, 0.8, "run_id=y");

        assertThat(report().comparisons())
                .filteredOn(one -> one.measure().column().equals("final_top1"))
                .extracting(Comparison::subject, Comparison::verdict)
                .containsExactly(
                        tuple("x", Verdict.EQUAL),
                        tuple("y", Verdict.EQUAL));
    }

    @Test
    void timesOfOtherMachinesAreNotJudgedUnasked() {
        before.run(1, 0.7).run(2, 0.7).run(3, 0.7);
        after.environment("e2", "Skylake", "c2");
        for (int seed = 1; seed <= 3; seed++) {
            after.run(seed, 0.7, "environment_id=e2", "train_seconds=200");
        }

        ComparisonReport report = report();

        Comparison time = only(report, "train_seconds");
        assertThat(time.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(time.reason()).isEqualTo("other machine");
        assertThat(time.change()).isEqualTo(100, within(1e-9));
        assertThat(report.environment())
                .extracting(EnvironmentDifference::column)
                .containsExactly("cpu", "commit");
        CompareOptions anyway = new CompareOptions(new Tolerances(0.5, 5), Set.of(), List.of(), true);
        assertThat(only(ResultsComparison.of(before.source(), after.source(), anyway), "train_seconds").verdict())
                .isEqualTo(Verdict.WORSE);
    }

    @Test
    void timesOfUnknownMachinesAreNotJudged() {
        before.run(1, 0.7, "environment_id=e8");
        after.run(1, 0.7, "environment_id=e9");

        assertThat(compare("train_seconds").reason()).isEqualTo("machine not known");
    }

    @Test
    void methodsAreComparedWithTheFirst() {
        for (int seed = 1; seed <= 3; seed++) {
            before.run(seed, 0.70 + 0.05 * seed, "method=dense", "pattern=dense", "run_id=d" + seed,
                    "train_ratio_paper=1");
            before.run(seed, 0.69 + 0.05 * seed, "run_id=s" + seed);
            before.run(seed, 0.72 + 0.05 * seed + 0.001 * (seed % 2), "method=bame/kappa-lr", "run_id=b" + seed,
                    "train_ratio_paper=0.43");
            before.run(seed, 0.1, "method=ste", "run_id=t" + seed);
            before.run(seed, 0.1, "workload=v", "run_id=v" + seed);
        }
        CompareOptions options = new CompareOptions(
                new Tolerances(0.5, 5), Set.of("final_top1", "train_ratio_paper"), List.of("dense", "sr-ste",
                        "bame/kappa-lr"),
                false);

        ComparisonReport report = ResultsComparison.ofMethods(before.source(), options);

        assertThat(report.comparisons())
                .extracting(Comparison::subject, one -> one.measure().column(), Comparison::verdict)
                .containsExactly(
                        tuple("w sr-ste 1:4 over dense", "final_top1", Verdict.WORSE),
                        tuple("w sr-ste 1:4 over dense", "train_ratio_paper",
                                Verdict.BETTER),
                        tuple("w bame/kappa-lr 1:4 over dense", "final_top1",
                                Verdict.BETTER),
                        tuple("w bame/kappa-lr 1:4 over dense", "train_ratio_paper",
                                Verdict.BETTER));
    }

    @Test
    void methodsOfTwoFoldersAreAChoice() {
        before.run(1, 0.7).run(1, 0.7, "method=ste", "run_id=t");
        after.run(1, 0.7).run(1, 0.7, "method=ste", "run_id=t");
        CompareOptions options = new CompareOptions(new Tolerances(0, 0), Set.of(), List.of("ste"), false);

        ComparisonReport report = ResultsComparison.of(before.source(), after.source(), options);

        assertThat(report.comparisons())
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.subject()).isEqualTo("w ste 1:4"));
        assertThat(report.onlyFirst()).isEmpty();
    }

    @Test
    void unknownMethodsAreMistakes() {
        before.run(1, 0.7);
        CompareOptions options =
                new CompareOptions(new Tolerances(0, 0), Set.of(), List.of("sr-ste", "sr-stee"), false);

        assertThatThrownBy(() -> ResultsComparison.ofMethods(before.source(), options))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'sr-stee'")
                .hasMessageContaining("Did you mean 'sr-ste'?");
    }

    @Test
    void nothingInCommonIsNoResult() {
        before.run(1, 0.7);
        after.run(1, 0.7, "workload=v");

        assertThatThrownBy(this::report)
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("Nothing to compare")
                .hasMessageContaining("runs.csv with 1 rows");
    }

    private ComparisonReport report() {
        return ResultsComparison.of(before.source(), after.source(), ResultsFiles.options());
    }

    private Comparison compare(String measure) {
        return only(report(), measure);
    }

    private static Comparison only(ComparisonReport report, String measure) {
        List<Comparison> found = report.comparisons().stream()
                .filter(one -> one.measure().column().equals(measure))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
