package org.bame.harness.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bame.harness.device.CpuDevice;
import org.junit.jupiter.api.Test;

class ChildJvmTest {

    /** Runs in the child. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            if (arguments[0].equals("fail")) {
                System.err.println("for this reason");
                System.exit(3);
            }
            System.out.print(arguments[0] + " " + new CpuDevice().vectorBits());
        }
    }

    @Test
    void runsWithThisJvmsOptionsAndItsOwnOverThem() {
        assertThat(child("hello world").output()).isEqualTo("hello world 128");
        assertThat(child("hello").run()).isZero();
    }

    @Test
    void tellsWhyItFailed() {
        assertThatThrownBy(() -> child("fail").output()).hasMessageContaining("exit code 3").hasMessageContaining(
                "reason");
        assertThat(child("fail").run()).isEqualTo(3);
    }

    private static ChildJvm child(String argument) {
        return new ChildJvm(List.of(ChildJvm.vectorBits(128)), Program.class.getName(), List.of(argument));
    }
}
