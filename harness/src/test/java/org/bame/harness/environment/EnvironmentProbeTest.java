package org.bame.harness.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentProbeTest {

    @Test
    void twoCheckoutsOfOneBuildAreOneEnvironment() {
        assertThat(EnvironmentProbe.jvmFlags(List.of("-Xmx8g", "-Dbame.home=/home/a/bame", "-Dbame.vectorBits=256")))
                .isEqualTo(EnvironmentProbe.jvmFlags(
                        List.of("-Xmx8g", "-Dbame.home=/home/b/bame", "-Dbame.vectorBits=256")))
                .isEqualTo("-Xmx8g -Dbame.vectorBits=256");
    }
}
