package org.bame.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bame.flops.TrainingCost;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.config.ConfigurationException;
import org.bame.harness.config.Problem;
import org.bame.harness.flops.CostQuestion;
import org.bame.harness.flops.DataSetShape;
import org.bame.method.Optimizer;
import org.bame.method.bame.BameConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepReaderTest {

    private static final Suite SUITE = SuiteLoader.load();
    private static final String SOUND =
            """
            description: two methods
            workloads:
              - {dataSet: synthetic10, network: resnet8, recipe: quick}
            patterns: [1:4, "2:4"]
            seeds: [1, 2]
            methods:
              - dense
              - sr-ste
              - {method: bame, variant: slow, options: {interval: 50, tau: 0.3, kappa: lr}, patterns: ["1:8"]}
            """;

    @Test
    void makesEveryCombination() {
        Sweep sweep = read(SOUND);

        assertThat(sweep.name()).isEqualTo("test");
        assertThat(sweep.description()).isEqualTo("two methods");
        assertThat(sweep.runs())
                .extracting(run -> run.method().label() + " " + run.patternColumn() + " " + run.seed())
                .containsExactly(
                        "dense dense 1",
                        "dense dense 2",
                        "sr-ste 1:4 1",
                        "sr-ste 1:4 2",
                        "sr-ste 2:4 1",
                        "sr-ste 2:4 2",
                        "bame/slow 1:8 1",
                        "bame/slow 1:8 2");
    }

    @Test
    void laysOptionsOverTheMethodsDefaults() {
        BameConfiguration options =
                (BameConfiguration) read(SOUND).runs().getLast().method().options();

        assertThat(options.interval()).isEqualTo(50);
        assertThat(options.tau()).isEqualTo(0.3);
        assertThat(options.kappa()).isEqualTo(BameConfiguration.Kappa.LR);
        assertThat(options.rho0()).isEqualTo(BameConfiguration.defaults().rho0());
    }

    @Test
    void methodsThatTheSweepDoesNotHaveAreMistakes() {
        SweepChanges changes =
                new SweepChanges(Map.of(), Map.of(), List.of("dense", "bmae", "bame/slow", "maxq"), List.of(), List
                        .of());

        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class, () -> new SweepReader(SUITE).read("test.yaml", SOUND, changes));

        assertThat(failure)
                .hasMessageContaining("'bmae'")
                .hasMessageContaining("Did you mean 'bame'?")
                .hasMessageContaining("'maxq'")
                .hasMessageContaining("some of dense, sr-ste, bame, bame/slow");
    }

    @Test
    void tellsEveryMistakeAtOnce() {
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class,
                () -> read(
                        """
                        workloads:
                          - {dataSet: cifar, network: counted-net, recipe: quick, overrides: {lerningRate: 1}}
                          - {dataSet: cifra, network: 1, recipe: quick, trainImages: many}
                        pattern: ["2:4"]
                        patterns: ["4:2"]
                        seeds: [one]
                        methods:
                          - sr_ste
                          - {method: bame, options: {kappa: huge}}
                          - {methd: bame}
                        """));

        // The mistakes of form first; of the second workload and the third method no more can be said.
        assertThat(failure.problems())
                .extracting(Problem::where)
                .containsExactly(
                        "test.yaml",
                        "test.yaml: workloads[1].trainImages",
                        "test.yaml: methods[2]",
                        "test.yaml: methods[2]",
                        "test.yaml: patterns[0]",
                        "test.yaml: seeds[0]",
                        "test.yaml: workloads[0].dataSet",
                        "test.yaml: workloads[0].network",
                        "test.yaml: workloads[0].overrides",
                        "test.yaml: methods[0].method",
                        "test.yaml: methods[1].options.kappa");

        ConfigurationException deeper = catchThrowableOfType(
                ConfigurationException.class,
                () -> read(
                        """
                        workloads:
                          - {dataSet: cifar, network: counted-net, recipe: quick, overrides: {epochs: 0, lerningRate: 1}}
                        patterns: ["2:4"]
                        methods:
                          - sr_ste
                          - {method: bame, options: {kappa: huge, tauu: 1}}
                        """));
        assertThat(deeper.problems())
                .extracting(Problem::toString)
                .anySatisfy(text -> assertThat(text).contains("unknown data set 'cifar'").contains("'cifar10'"))
                .anySatisfy(text -> assertThat(text).contains("'counted-net', which cannot be trained").contains(
                        "resnet32"))
                .anySatisfy(text -> assertThat(text).contains("unknown key 'lerningRate'").contains("'learningRate'"))
                .anySatisfy(text -> assertThat(text).contains("unknown method 'sr_ste'").contains("'sr-ste'"))
                .anySatisfy(text -> assertThat(text).contains("methods[1].options.kappa").contains("lrT"))
                .anySatisfy(text -> assertThat(text).contains("unknown key 'tauu'").contains("'tau'"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            text    | resnet8          | text-short    | 'resnet8', which reads images, on 'text', a data set of text | reads text: char-transformer, tiny-decoder
            cifar10 | char-transformer | quick         | 'char-transformer', which reads text, on 'cifar10', a data set of images | swin-t, tiny-net
            text    | char-transformer | cifar10-short | augmentation padCropFlip and imageSize 0 on 'text' | as text-short
            """)
    void tellsWhatDoesNotFitTheDataSet(
            String dataSet, String network, String recipe, String message, String expected) {
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class,
                () -> read("""
                        workloads:
                          - {dataSet: %s, network: %s, recipe: %s}
                        methods: [dense]
                        """.formatted(dataSet, network, recipe)));
        assertThat(failure.problems()).singleElement().asString().contains(message, expected);
    }

    @Test
    void augmentationIsForImagesAndWithinItsRange() {
        String text = """
                workloads:
                  - {dataSet: %s, network: %s, recipe: %s, overrides: {%s}}
                methods: [dense]
                """;
        assertThatThrownBy(() -> read(text.formatted("text", "char-transformer", "text-short", "mixup: 0.8")))
                .hasMessageContaining("augmentation none + mixup 0.8 and imageSize 0 on 'text', a data set of text");
        assertThatThrownBy(() -> read(text.formatted("cifar10", "resnet8", "cifar10-short", "mixup: 8, cutmix: 1")))
                .hasMessage("test.yaml: workloads[0].overrides.mixup: got 8, expected a number from 0 to 4");
        assertThat(read(text.formatted("cifar10", "resnet8", "cifar10-short", "mixup: 0.8, repeatedAugmentation: 3"))
                .runs()).hasSize(1);
    }

    @Test
    void aMethodMayTrainSomeOfTheNetworks() {
        String text = """
                workloads:
                  - {dataSet: cifar10, network: resnet8, recipe: quick}
                  - {dataSet: cifar10, network: resnet20, recipe: quick}
                patterns: ["1:4"]
                methods:
                  - {method: sr-ste, networks: [resnet8]}
                  - {method: sr-ste, networks: [resnet20], options: {lambda: 0.001}, overrides: {learningRate: 0.05}}
                """;
        assertThat(read(text).runs()).extracting(run -> run.workload().name() + " " + run.method().label())
                .containsExactly("cifar10/resnet8/quick sr-ste", "cifar10/resnet20/quick+learningRate=0.05 sr-ste");
        assertThatThrownBy(() -> read(text.replace("[resnet20]", "[resnet8, resnet200, deit-s]")))
                .hasMessageContaining("methods[1].networks: got 'resnet200', which no workload of this sweep trains")
                .hasMessageContaining("Did you mean 'resnet20'?")
                .hasMessageContaining("got 'deit-s'");
    }

    /** A text may be any file: what its usual one would refuse is left until it is read. */
    @Test
    void theSizeOfATextIsNotKnownBeforehand() {
        String text = """
                workloads:
                  - {dataSet: %s, network: %s, recipe: %s, overrides: {batch: 60000}}
                methods: [dense]
                """;
        assertThat(read(text.formatted("text", "char-transformer", "text-short")).runs()).hasSize(1);
        assertThatThrownBy(() -> read(text.formatted("cifar10", "resnet8", "cifar10-short")))
                .hasMessageContaining("a batch of 60000 for 50000 training images");
    }

    @Test
    void tellsWhatAMethodRefuses() {
        assertThatThrownBy(() -> read(SOUND.replace("tau: 0.3", "mu: 7")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mu is 7.0");
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> read(SOUND.replace("recipe: quick", "recipe: quick, overrides: {momentum: 1.5}")))
                .hasMessageContaining("overrides.momentum: got 1.5");
        assertThatThrownBy(() -> read(SOUND.replace("recipe: quick", "recipe: quick, trainImages: 10")))
                .hasMessageContaining("a batch of 64 for 10 training images");
    }

    @Test
    void refusesAPatternThatFitsNoLayer() {
        assertThatThrownBy(() -> read(SOUND.replace("1:8", "1:7")))
                .hasMessageContaining("'1:7'")
                .hasMessageContaining("input channels of some layer");
    }

    @Test
    void readsEveryKindOfPattern() {
        Sweep sweep = read(SOUND.replace("1:4, \"2:4\"", "unstructured@0.75, fan_in@0.9/erk"));

        assertThat(sweep.runs())
                .filteredOn(run -> run.method().label().equals("sr-ste"))
                .extracting(run -> run.patternColumn() + " " + run.seed())
                .containsExactly(
                        "unstructured@0.75 1", "unstructured@0.75 2", "fan_in@0.9/erk 1", "fan_in@0.9/erk 2");
        assertThat(sweep.runs()).extracting(RunSpec::runId).doesNotHaveDuplicates().allSatisfy(
                id -> assertThat(id).matches("[A-Za-z0-9.-]+"));
    }

    @Test
    void refusesEveryPatternThatAMethodDoesNotSupportAtOnce() {
        String text = SOUND.replace("1:4, \"2:4\"", "unstructured@0.75, 1:4, fan_in@0.9")
                .replace("  - sr-ste\n", "  - maxq\n");

        ConfigurationException failure = catchThrowableOfType(ConfigurationException.class, () -> read(text));

        assertThat(failure.problems())
                .extracting(Problem::toString)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains("methods[1].patterns", "'unstructured@0.75' for maxq", "such as 1:4")
                                .contains("Give it other patterns"),
                        second -> assertThat(second).contains("'fan_in@0.9' for maxq"));
    }

    /** Blocks of 4096 inputs, which no layer has; shares that are rounded to no weight of any layer. */
    @ParameterizedTest
    @CsvSource({
        "1:4096, an M that divides the input channels",
        "fan_in@0.0005, a share of zeros that is at least one of the weights",
        "unstructured@0.00001, a share of zeros that is at least one of the weights"
    })
    void refusesAPatternThatLeavesEveryLayerDense(String pattern, String expected) {
        String text = SOUND.replace("1:4, \"2:4\"", "\"" + pattern + "\"");
        assertThatThrownBy(() -> read(text.substring(0, text.indexOf("methods:")) + "methods: [sr-ste]\n"))
                .hasMessageContaining("'" + pattern + "'")
                .hasMessageContaining("expected " + expected + " of some layer of resnet8");
    }

    @Test
    void refusesTheSameRunTwice() {
        assertThatThrownBy(() -> read(SOUND.replace("  - sr-ste\n", "  - sr-ste\n  - sr-ste\n")))
                .hasMessageContaining("a second time");
    }

    @Test
    void givesEachConfigurationItsOwnLastingName() {
        List<String> ids = ids(SOUND);

        assertThat(ids).isEqualTo(ids(SOUND)).doesNotHaveDuplicates();
        assertThat(ids.getFirst()).matches("synthetic10-resnet8-dense-dense-s1-[0-9a-f]{10}");
        assertThat(ids.get(2)).startsWith("synthetic10-resnet8-sr-ste-1-4-s1-");
        HashSet<String> other = new HashSet<>(ids(SOUND.replace("tau: 0.3", "tau: 0.31")));
        assertThat(other).contains(ids.get(0)).doesNotContain(ids.get(6));
        assertThat(ids(SOUND.replace("recipe: quick", "recipe: quick, overrides: {evaluationBatch: 32}, name: n")))
                .isEqualTo(ids(SOUND.replace("recipe: quick", "recipe: quick, name: n")));
    }

    /** The names under which results/cifar10-resnet20-10-epochs and results/synthetic10-control have their runs. */
    @Test
    void runsKeepTheNamesThatTheyHadBeforeRecipesHadMoreKeys() {
        assertThat(ids(
                """
                workloads:
                  - {dataSet: cifar10, network: resnet20, recipe: cifar10-short}
                  - {dataSet: synthetic10, network: resnet8, recipe: quick}
                methods: [dense]
                """))
                .containsExactly(
                        "cifar10-resnet20-dense-dense-s1-b7808d8d75", "synthetic10-resnet8-dense-dense-s1-a93858f746");
    }

    @Test
    void theOptimizerIsAKeyLikeAnyOther() {
        String adam = SOUND.replace(
                "recipe: quick", "recipe: quick, overrides: {optimizer: adamW, beta2: 0.95, learningRate: 0.001}");
        Sweep sweep = read(adam);

        RunSpec run = sweep.runs().getFirst();
        assertThat(run.workload().recipe().optimizer()).isEqualTo(new Optimizer.AdamW(0.9, 0.95, 1e-8));
        assertThat(run.context(640).optimizer()).isEqualTo(run.workload().recipe().optimizer());
        assertThat(run.context(640).momentum()).isEqualTo(0.9);
        assertThat(run.workload().name())
                .isEqualTo("synthetic10/resnet8/quick+optimizer=adamW+beta2=0.95+learningRate=0.001");
        assertThat(run.runId()).isNotEqualTo(read(adam.replace("0.95", "0.96")).runs().getFirst().runId());
        assertThatThrownBy(() -> read(adam.replace("beta2: 0.95", "momentum: 0.8")))
                .hasMessageContaining("overrides.momentum: got a key of optimizer sgd");
    }

    @Test
    void stochasticDepthNeedsANetworkThatKnowsIt() {
        String text = SOUND.replace("recipe: quick", "recipe: quick, overrides: {dropPath: 0.1}");

        assertThatThrownBy(() -> read(text)).hasMessageContaining(
                "dropPath 0.1 for resnet8, which has no stochastic depth");
        assertThat(read(text.replace("resnet8", "deit-t-cifar")).runs()).isNotEmpty();
    }

    @Test
    void putsOverridesIntoTheWorkloadsName() {
        Sweep sweep = read(SOUND.replace("recipe: quick", "recipe: quick, overrides: {epochs: 2}, trainImages: 128")
                .replace("interval: 50", "interval: 1"));

        assertThat(sweep.runs().getFirst().workload().name())
                .isEqualTo("synthetic10/resnet8/quick+epochs=2+trainImages=128");
    }

    @Test
    void readsRowGroupsAndNamesFilesAfterThem() {
        Sweep sweep = read(SOUND.replace("1:4, \"2:4\"", "1:4/g4, \"1:4\"").replace("  - dense\n", ""));

        assertThat(sweep.runs())
                .extracting(run -> run.method().label() + " " + run.patternColumn() + " " + run.seed())
                .startsWith("sr-ste 1:4/g4 1", "sr-ste 1:4/g4 2", "sr-ste 1:4 1", "sr-ste 1:4 2");
        assertThat(sweep.runs().getFirst().pattern().rowGroup()).isEqualTo(4);
        assertThat(sweep.runs()).extracting(RunSpec::runId).doesNotHaveDuplicates().allSatisfy(
                id -> assertThat(id).matches("[A-Za-z0-9.-]+"));
        assertThat(sweep.runs().getFirst().runId()).startsWith("synthetic10-resnet8-sr-ste-1-4-g4-s1-");
    }

    @Test
    void runsWhosePatternAndSeedReadAlikeAreTwo() {
        String text = SOUND.replace("1:4, \"2:4\"", "1:4/g4, 1:4/g41").replace("seeds: [1, 2]", "seeds: [1, 11]");

        assertThat(read(text).runs()).filteredOn(run -> run.method().label().equals("sr-ste")).hasSize(4);
    }

    @Test
    void takesChangesFromTheCommandLine() {
        SweepChanges changes = new SweepChanges(
                Map.of("epochs", JsonNodeFactory.instance.numberNode(3)),
                Map.of(),
                List.of("sr-ste"),
                List.of("1:16"),
                List.of(9L));

        Sweep sweep = new SweepReader(SUITE).read("test.yaml", SOUND, changes);

        assertThat(sweep.runs()).singleElement().satisfies(run -> {
            assertThat(run.patternColumn()).isEqualTo("1:16");
            assertThat(run.seed()).isEqualTo(9);
            assertThat(run.workload().recipe().epochs()).isEqualTo(3);
        });
    }

    /** Whatever the pattern, runs of equal density execute as much: 1:16 divides the channels of every layer but the stem's. */
    @Test
    void equalFlopsComparesAtEqualFlops() {
        Sweep sweep = new SweepReader(SUITE)
                .read("equal-flops.yaml", BuiltInSweeps.text("equal-flops"), SweepChanges.NONE);
        Map<String, Set<Double>> ratios = new TreeMap<>();
        for (RunSpec run : sweep.runs()) {
            DataSetShape data = SweepReader.published(run.workload()).orElseThrow();
            CostQuestion question = new CostQuestion(
                    SUITE.networks().get(run.workload().network(), ""), data, 1, run.workload().recipe().batch(),
                    new Optimizer.Sgd(0.9, false));
            TrainingCost cost = question.account(run.pattern())
                    .cost(run.method().costs(run.context(data.trainImages())), question.totalSteps());
            ratios.computeIfAbsent(run.method().label() + " " + run.pattern().density(), any -> new HashSet<>())
                    .add(cost.cpuExecuted());
        }

        assertThat(ratios).containsOnlyKeys(
                "dense 1.0", "sr-ste 0.0625", "sr-ste 0.25", "static 0.0625", "static 0.25");
        assertThat(ratios.values()).allSatisfy(same -> assertThat(same).hasSize(1));
    }

    @Test
    void builtInSweepsAreSound() {
        for (String name : BuiltInSweeps.names()) {
            Sweep sweep = new SweepReader(SUITE).read(name + ".yaml", BuiltInSweeps.text(name), SweepChanges.NONE);
            assertThat(sweep.runs()).as(name).hasSizeGreaterThanOrEqualTo(4);
            assertThat(BuiltInSweeps.describe(name)).isNotBlank();
        }
    }

    /** Whoever adds a method adds it to both, with a pattern that suits it. */
    @ParameterizedTest
    @ValueSource(strings = {"methods-smoke", "methods-cifar10"})
    void sweepsOfAllMethodsForgetNone(String name) {
        Sweep sweep = new SweepReader(SUITE).read(name + ".yaml", BuiltInSweeps.text(name), SweepChanges.NONE);
        assertThat(sweep.runs())
                .extracting(run -> run.method().factory().name())
                .hasSameElementsAs(SUITE.methods().names());
    }

    /** Two entries with the same overrides share a workload; the others keep the sweep's. */
    @Test
    void anEntryTrainsByARecipeOfItsOwn() {
        List<RunSpec> runs = read("""
                description: own recipes
                workloads:
                  - {name: short, dataSet: synthetic10, network: resnet8, recipe: quick, overrides: {epochs: 1}}
                patterns: ["1:4"]
                methods:
                  - dense
                  - {method: dense, variant: slow, overrides: {learningRate: 0.01}}
                  - {method: static, overrides: {learningRate: 0.01}}
                """).runs();
        assertThat(runs).extracting(run -> run.workload().name())
                .containsExactly("short", "short+learningRate=0.01", "short+learningRate=0.01");
        assertThat(runs).extracting(run -> run.workload().recipe().epochs()).containsExactly(1, 1, 1);
        assertThat(runs.get(2).workload()).isSameAs(runs.get(1).workload());
        assertThatThrownBy(() -> read("""
                description: a mistake in an entry's own recipe
                workloads:
                  - {dataSet: synthetic10, network: resnet8, recipe: quick}
                methods:
                  - {method: dense, overrides: {learningRat: 0.01}}
                """)).isInstanceOf(ConfigurationException.class).hasMessageContaining("methods[0].overrides");
        assertThatThrownBy(() -> read("""
                description: text for a mapping
                workloads:
                  - {dataSet: synthetic10, network: resnet8, recipe: quick}
                methods:
                  - {method: dense, overrides: "learningRate: 0.01"}
                """)).isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("methods[0].overrides", "a mapping of recipe keys");
    }

    /** A recipe key of the command line wins over an entry's own, and is added to no entry that lacks it. */
    @Test
    void theCommandLineWinsOverAnEntrysRecipe() {
        SweepChanges changes = new SweepChanges(
                Map.of("learningRate", DoubleNode.valueOf(0.5)), Map.of(), List.of(), List.of(), List.of());
        List<RunSpec> runs = new SweepReader(SUITE).read("test.yaml", """
                description: own recipes
                workloads:
                  - {dataSet: synthetic10, network: resnet8, recipe: quick}
                patterns: ["1:4"]
                methods:
                  - {method: dense, overrides: {learningRate: 0.01}}
                  - {method: static, overrides: {weightDecay: 0}}
                """, changes).runs();
        assertThat(runs).extracting(run -> run.workload().recipe().learningRate()).containsExactly(0.5, 0.5);
    }

    private static List<String> ids(String text) {
        return read(text).runs().stream().map(RunSpec::runId).toList();
    }

    private static Sweep read(String text) {
        return new SweepReader(SUITE).read("test.yaml", text, SweepChanges.NONE);
    }
}
