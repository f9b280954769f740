package org.bame.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
            if (name.endsWith("-small")) {
                String full = name.replaceAll("-small$", "-full");
                assertThat(labels(full)).isEqualTo(labels(name));
                assertThat(read(full).runs().getFirst().workload().recipe().epochs())
                        .isGreaterThan(read(name).runs().getFirst().workload().recipe().epochs());
            }
        }
    }

    /** Surefire runs in the module's folder. */
    @Test
    void everySweepIsDocumented() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (String name : BuiltInSweeps.names()) {
            assertThat(readme).contains("`" + name.replaceAll("-(small|full)$", "") + "`");
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
