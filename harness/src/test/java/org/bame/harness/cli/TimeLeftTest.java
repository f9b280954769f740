package org.bame.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeLeftTest {

    @Test
    void stepsOfOtherRunsTakeAsLongAsThisOnes() {
        AtomicLong nanos = new AtomicLong();
        TimeLeft left = new TimeLeft(nanos::get);
        left.start(100, 300, 1_000);
        assertThat(left.runSeconds()).isNaN();
        nanos.set(10_000_000_000L);
        left.update(120);
        assertThat(left.stepsPerSecond()).isEqualTo(2);
        assertThat(left.runSeconds()).isEqualTo(90);
        assertThat(left.sweepSeconds()).isEqualTo(90 + 500);
    }
}
