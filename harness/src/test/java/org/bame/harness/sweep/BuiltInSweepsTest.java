package org.bame.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bame.baselines.lbc.LbcConfiguration;
import org.bame.baselines.maxq.MaxQConfiguration;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BuiltInSweepsTest {

    private static final Suite SUITE = SuiteLoader.load();

    static Stream<String> names() {
        return BuiltInSweeps.names().stream();
    }

    /** Reading checks every configuration against its method, pattern, network and number of steps. */
    @ParameterizedTest
    @MethodSource("names")
    void everySweepIsSound(String name) {
        Sweep sweep = read(name);

        assertThat(sweep.name()).isEqualTo(name);
        assertThat(BuiltInSweeps.describe(name)).isNotBlank().isEqualTo(sweep.description());
        assertThat(sweep.runs()).extracting(RunSpec::runId).isNotEmpty().doesNotHaveDuplicates();
    }

    /** One name is one configuration in all ablations: their results can stand side by side. */
    @Test
    void variantsOfOneNameAreOneConfiguration() {
        Map<String, Record> options = new HashMap<>();
        for (String name : BuiltInSweeps.names()) {
            for (RunSpec run : read(name).runs()) {
                if (name.startsWith("bame-ablation-")) {
                    String label = run.method().label();
                    options.putIfAbsent(label, run.method().options());
                    assertThat(run.method().options()).as("%s in %s", label, name).isEqualTo(options.get(label));
                }
            }
        }
        assertThat(options.values()).doesNotHaveDuplicates();
    }

    @Test
    void smallAndFullAskTheSame() {
        for (String name : BuiltInSweeps.names()) {
            if (name.startsWith("bame-ablation-") && name.endsWith("-small")) {
                String full = name.replaceAll("-small$", "-full");
                assertThat(labels(full)).isEqualTo(labels(name));
                assertThat(read(full).runs().getFirst().workload().recipe().epochs())
                        .isGreaterThan(read(name).runs().getFirst().workload().recipe().epochs());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "paper, 'resnet32-wide, mobilenetv2-cifar, mobilenetv2-bimask, resnet18, resnet50, deit-s'",
        "paper-small, 'resnet8, mobilenetv2-cifar, deit-t-cifar, resnet18, resnet50'"
    })
    void thePaperHasEachMethodOnEachNetworkAtEachPattern(String name, String networks) {
        Set<String> runs = read(name).runs().stream()
                .map(run -> run.method().label() + " " + run.workload().network() + " " + run.patternColumn())
                .collect(Collectors.toSet());

        for (String network : networks.split(", ")) {
            assertThat(runs).contains("dense " + network + " dense");
            for (String method : List.of("asp", "sr-ste", "lbc", "transposable", "bi-mask", "maxq", "bame",
                    "bame/kappa-lr")) {
                for (String pattern : List.of("2:4", "1:4", "2:8", "1:8", "1:16")) {
                    assertThat(runs).contains(method + " " + network + " " + pattern);
                }
            }
        }
        assertThat(read(name).runs()).extracting(run -> run.workload().network())
                .isSubsetOf(networks.split(", "));
    }

    /** In one folder a half's runs count for the whole. */
    @ParameterizedTest
    @CsvSource({"paper, paper-cifar10, paper-imagenet", "paper-small, paper-cifar10-small, paper-imagenette-small"})
    void theHalvesOfThePaperAreTheWhole(String whole, String cifar10, String other) {
        List<String> halves = new ArrayList<>(ids(cifar10));
        halves.addAll(ids(other));

        assertThat(ids(whole)).containsExactlyInAnyOrderElementsOf(halves);
        assertThat(read(cifar10).runs()).allMatch(run -> run.workload().dataSet().equals("cifar10"));
        assertThat(read(other).runs()).noneMatch(run -> run.workload().dataSet().equals("cifar10"));
    }

    @Test
    void methodsOfThePaperHaveTheirPublishedOptionsAndRecipes() {
        List<RunSpec> runs = read("paper").runs();

        assertThat(runs).filteredOn(run -> run.method().label().equals("lbc")).allSatisfy(
                run -> assertThat(((LbcConfiguration) run.method().options()).exponent())
                        .isEqualTo(run.workload().network().startsWith("deit") ? 4 : 3));
        assertThat(runs).filteredOn(run -> run.method().label().equals("sr-ste/own-recipe")).hasSize(2 * 5).allSatisfy(
                run -> assertThat(run.workload().recipe())
                        .isEqualTo(SUITE.recipes().get("imagenet-sr-ste", "test").recipe()));
        assertThat(runs).filteredOn(run -> run.method().label().equals("maxq/ramp-90")).singleElement().satisfies(
                run -> {
                    assertThat(run.workload().recipe().epochs()).isEqualTo(120);
                    assertThat(((MaxQConfiguration) run.method().options()).decayEnd()).isEqualTo(90.0 / 120);
                });
    }

    private static List<String> ids(String name) {
        return read(name).runs().stream().map(RunSpec::runId).toList();
    }

    /** Surefire runs in the module's folder. */
    @Test
    void everySweepIsDocumented() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (String name : BuiltInSweeps.names()) {
            String shown = name.startsWith("bame-ablation-") ? name.replaceAll("-(small|full)$", "") : name;
            assertThat(readme).contains("`" + shown + "`");
        }
    }

    private static List<String> labels(String name) {
        return read(name).runs().stream()
                .map(run -> run.method().label() + " " + run.patternColumn() + " " + run.seed())
                .toList();
    }

    private static Sweep read(String name) {
        return new SweepReader(SUITE).read(name + ".yaml", BuiltInSweeps.text(name), SweepChanges.NONE);
    }
}
