package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KernelProvidersTest {
    private static final String VM = "OpenJDK 64-Bit Server VM";
    private static final Map<String, String> DEFAULTS = Map.of("TieredStopAtLevel", "4", "UseCompiler", "true");

    @Test
    void findsNothingWrongWithAnOrdinaryJvm() {
        assertThat(obstacle(VM, "mixed mode", true, DEFAULTS, 512)).isEmpty();
        assertThat(obstacle("Java HotSpot(TM) 64-Bit Server VM", "mixed mode", true, DEFAULTS, 128)).isEmpty();
    }

    @Test
    void refusesJvmsWithoutFastVectors() {
        assertThat(obstacle("Eclipse OpenJ9 VM", "", true, DEFAULTS, 512)).hasValueSatisfying(
                text -> assertThat(text).contains("Eclipse OpenJ9 VM", "HotSpot"));
        assertThat(obstacle("OpenJDK 64-Bit Zero VM", "", true, DEFAULTS, 512)).isPresent();
        assertThat(obstacle(VM, "mixed mode", false, DEFAULTS, 0)).hasValueSatisfying(
                text -> assertThat(text).contains("--add-modules jdk.incubator.vector"));
        assertThat(obstacle(VM, "interpreted mode", true, DEFAULTS, 512)).hasValueSatisfying(
                text -> assertThat(text).contains("-Xint"));
        assertThat(obstacle(VM, "mixed mode", true, Map.of("TieredStopAtLevel", "1"), 512)).hasValueSatisfying(
                text -> assertThat(text).contains("C2"));
        assertThat(obstacle(VM, "mixed mode", true, Map.of("CompilationMode", "quick-only"), 512)).isPresent();
        assertThat(obstacle(VM, "mixed mode", true, Map.of("UseJVMCICompiler", "true"), 512)).hasValueSatisfying(
                text -> assertThat(text).contains("JVMCI"));
        assertThat(obstacle(VM, "mixed mode", true, DEFAULTS, 64)).isPresent();
        assertThat(obstacle(VM, "mixed mode", true, DEFAULTS, 1024)).hasValueSatisfying(
                text -> assertThat(text).contains("1024", "bame.vectorBits"));
    }

    @Test
    void refusesAForcedWidthThatTheMachineDoesNotHave() {
        assertThat(KernelProviders.forcedWidthObstacle("128", 512)).isEmpty();
        assertThat(KernelProviders.forcedWidthObstacle("256", 256)).isEmpty();
        assertThat(KernelProviders.forcedWidthObstacle("77", 512)).hasValueSatisfying(
                text -> assertThat(text).contains("-Dbame.vectorBits is '77', expected 128 or 256 or 512"));
        assertThat(KernelProviders.forcedWidthObstacle("512", 256)).hasValueSatisfying(
                text -> assertThat(text).contains("'512', expected 128 or 256,"));
        assertThat(KernelProviders.forcedWidthObstacle("wide", 512)).isPresent();
    }

    private static Optional<String> obstacle(
            String name, String info, boolean module, Map<String, String> options, int bits) {
        return KernelProviders.obstacle(name, info, module, option -> options.getOrDefault(option, ""), bits);
    }
}
