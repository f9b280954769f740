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

    static void print(StepBenchmarkPlan plan, List<StepMeasurement> measured, PrintWriter out) {
        out.println();
        out.println(plan.network().name() + " on " + plan.data().samples() + ", batch " + plan.batch() + ", "
                + plan.threads() + " threads. Times are " + (plan.kernelPolicy() == KernelPolicy.AUTO
                        ? "executed or simulated as was faster (kernel policy auto)"
                        : "executed (but the weight gradient runs dense where a method samples dY: simulated)")
                + ", in ms; images/s, ratios and the split are by the mean");
        boolean compared = measured.stream().anyMatch(one -> one.peer().isPresent());
        List<String> header = new ArrayList<>(List.of(
                "provider",
                "method",
                "pattern",
                "phase",
                "steps",
                "median",
                "p10",
                "p90",
                "mean",
                "images/s",
                "over dense"));
        if (compared) {
            header.add("over fastest peer");
        }
        header.addAll(List.of(
                "forward",
                "input grad",
                "weight grad",
                "element-wise",
                "mask work",
                "optimizer",
                "framework",
                "peak MiB"));
        TextTable table = new TextTable(4, header);
        for (StepMeasurement one : measured) {
            List<String> row = new ArrayList<>(List.of(
                    one.provider(),
                    one.method(),
                    one.pattern(),
                    one.phase().name(),
                    String.valueOf(one.steps()),
                    millis(one.spread().medianNanos()),
                    millis(one.spread().p10Nanos()),
                    millis(one.spread().p90Nanos()),
                    millis(one.meanNanos()),
                    Text.fixed(one.imagesPerSecond(), 0),
                    Text.times(one.speedupVsDense())));
            if (compared) {
                row.add(Text.times(one.speedupVsPeer()));
            }
            CLOCKS.forEach(clock -> row.add(millis(one.clockMeanNanos().getOrDefault(clock, Double.NaN))));
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
