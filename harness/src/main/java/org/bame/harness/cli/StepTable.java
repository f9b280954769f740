package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.bame.harness.measure.StepBenchmarkPlan;
import org.bame.harness.measure.StepMeasurement;
import org.bame.layer.Clock;
import org.bame.layer.KernelPolicy;
import org.bame.method.MethodPhase;

/** Shows what a step benchmark found. */
final class StepTable {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MIB = 1 << 20;
    private static final List<Clock> CLOCKS = List.of(
            Clock.FORWARD,
            Clock.INPUT_GRADIENT,
            Clock.WEIGHT_GRADIENT,
            Clock.ELEMENT_WISE,
            Clock.MASK_WORK,
            Clock.OPTIMIZER,
            Clock.OTHER);

    private StepTable() {}

    static void print(StepBenchmarkPlan plan, List<StepMeasurement> measured, String provider, PrintWriter out) {
        out.println();
        out.println(plan.network().name() + " on images of " + plan.data().image() + ", batch " + plan.batch() + ", "
                + provider + " on " + plan.threads() + " threads, " + plan.steps()
                + " steps each. Times are " + (plan.kernelPolicy() == KernelPolicy.AUTO
                        ? "executed or simulated as was faster (kernel policy auto)"
                        : "executed")
                + ", in ms; images/s, over dense and the split are by the mean");
        TextTable table = new TextTable(
                3,
                List.of(
                        "method",
                        "pattern",
                        "phase",
                        "median",
                        "p10",
                        "p90",
                        "mean",
                        "images/s",
                        "over dense",
                        "forward",
                        "input grad",
                        "weight grad",
                        "element-wise",
                        "mask work",
                        "optimizer",
                        "framework",
                        "peak MiB"));
        for (StepMeasurement one : measured) {
            List<String> row = new ArrayList<>(List.of(
                    one.method(),
                    one.pattern(),
                    one.phase().name(),
                    millis(one.spread().medianNanos()),
                    millis(one.spread().p10Nanos()),
                    millis(one.spread().p90Nanos()),
                    millis(one.meanNanos()),
                    Text.fixed(one.imagesPerSecond(), 0),
                    Text.times(one.speedupVsDense())));
            CLOCKS.forEach(clock -> row.add(millis(one.clockMeanNanos().get(clock))));
            row.add(Text.fixed(one.peakMemoryBytes() / MIB, 0));
            table.add(row);
        }
        table.print(out);
        measured.stream()
                .filter(one -> !one.phase().options().isEmpty() || !one.phase().name().equals(MethodPhase.STEADY))
                .map(one -> one.method() + " " + one.phase().name() + ": " + one.phase().summary())
                .distinct()
                .forEach(out::println);
    }

    private static String millis(double nanos) {
        return Text.fixed(nanos / NANOS_PER_MILLI, 2);
    }
}
