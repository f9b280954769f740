package org.bame.baselines.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.bame.method.MethodContext;
import org.bame.method.Optimizer;
import org.bame.sparsity.NmPattern;
import org.junit.jupiter.api.Test;

/** The rule by hand: beta2 = 0.75, so a window of 4; epsilon = 1. */
class PhaseSwitchTest {
    private static final Optimizer.AdamW ADAM = new Optimizer.AdamW(0.9, 0.75, 1);

    private static PhaseSwitch phases(double minFraction, double maxFraction, int totalSteps) {
        MethodContext context = new MethodContext(new NmPattern(2, 4), totalSteps, 10, ADAM, 1);
        return new PhaseSwitch(
                new StepConfiguration(minFraction, maxFraction, StepConfiguration.Mean.ARITHMETIC), context, ADAM);
    }

    /** First sparse step after these changes; -1: none. */
    private static long run(PhaseSwitch phases, double... changes) {
        for (int step = 0; step < changes.length && !phases.decided(); step++) {
            phases.record(step, changes[step]);
        }
        return phases.decided() ? phases.firstSparseStep() : -1;
    }

    /** Means of the window: 8, 5, 11/3, 3, 1.5 (without the 8), 1, 0.75: the seventh step is the first below 1. */
    @Test
    void theWindowForgetsTheFifthLastChange() {
        assertThat(run(phases(0, 0.9, 100), 8, 2, 1, 1, 2, 0, 0)).isEqualTo(7);
        assertThat(run(phases(0, 0.9, 100), 8, 2, 1, 1, 2, 0)).isEqualTo(-1);
    }

    @Test
    void fewerChangesThanTheWindowAreTheirOwnMean() {
        assertThat(run(phases(0, 0.9, 100), 0.5)).isEqualTo(1);
        assertThat(run(phases(0, 0.9, 100), 1, 0.5)).isEqualTo(2);
    }

    /** T_min = 3: a step counted from 1 must lie behind it. */
    @Test
    void notBeforeTheLeastShareOfTheRun() {
        assertThat(run(phases(0.03, 0.9, 100), 0, 0, 0)).isEqualTo(-1);
        assertThat(run(phases(0.03, 0.9, 100), 0, 0, 0, 0)).isEqualTo(4);
    }

    /** T_max = 5: whatever the changes, and the numbers of a diverged training too. */
    @Test
    void notLaterThanTheGreatestShareOfTheRun() {
        assertThat(run(phases(0, 0.5, 10), 9, 9, 9, 9, 9)).isEqualTo(-1);
        assertThat(run(phases(0, 0.5, 10), 9, 9, 9, 9, 9, 9)).isEqualTo(6);
        double nan = Double.NaN;
        assertThat(run(phases(0, 0.5, 10), nan, nan, nan, nan, nan, nan)).isEqualTo(6);
    }

    @Test
    void stepsArePhasedFromTheNextOnOn() {
        PhaseSwitch phases = phases(0, 0.9, 100);
        run(phases, 0.5);
        assertThat(phases.sparseAt(0)).isFalse();
        assertThat(phases.sparseAt(1)).isTrue();
    }

    /** floor(1 / (1 - 0.999)) is 1000, though 1 / (1 - 0.999) is 999.99... in floating point. */
    @Test
    void theUsualWindowHasAThousandChanges() throws IOException {
        Optimizer.AdamW usual = new Optimizer.AdamW();
        MethodContext context = new MethodContext(new NmPattern(2, 4), 10, 10, usual, 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new PhaseSwitch(StepConfiguration.defaults(), context, usual).save(new DataOutputStream(bytes));
        assertThat(bytes.size()).isEqualTo(8 * (2 + 1000));
    }

    @Test
    void goesOnFromACheckpoint() throws IOException {
        double[] changes = {8, 2, 1, 1, 2, 0};
        PhaseSwitch saved = phases(0, 0.9, 100);
        run(saved, changes);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        saved.save(new DataOutputStream(bytes));
        PhaseSwitch restored = phases(0, 0.9, 100);
        restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertThat(restored.decided()).isFalse();
        restored.record(6, 0);
        assertThat(restored.firstSparseStep()).isEqualTo(7);
    }
}
