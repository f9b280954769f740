package org.bame.harness.cli;

import java.util.List;
import java.util.Optional;
import org.bame.harness.Suite;
import org.bame.harness.config.PatternSupport;
import org.bame.harness.config.Problems;
import org.bame.harness.measure.ScalePlan;
import org.bame.harness.measure.ScalePoint;
import org.bame.method.MethodFactory;
import picocli.CommandLine.Option;

/** What stays the same for all points of a scale study. */
final class ScaleOptions {

    private static final String DENSE = "dense";

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "static",
            description = "Trains wherever there is a pattern, in the last of its phases. Default: ${DEFAULT-VALUE}, whose"
                    + " three products are sparse from the first step.")
    private String method;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "20",
            description = "Timed steps of each point. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "3",
            description = "Least untimed steps of each before. Default: ${DEFAULT-VALUE}.")
    private int warmUpSteps;

    @Option(
            names = "--warm-up-seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Least time of the untimed steps: the compiler is busy with the first. Default: ${DEFAULT-VALUE}.")
    private double warmUpSeconds;

    /** The method of a point. */
    Optional<MethodFactory<?>> method(Suite suite, ScalePoint point, Problems problems) {
        return suite.methods().find(point.isDense() ? DENSE : method, "--method", problems);
    }

    void check(Suite suite, Problems problems) {
        suite.methods().find(method, "--method", problems);
        BenchOptions.requireAtLeast("--steps", steps, 1, problems);
        BenchOptions.requireAtLeast("--warm-up", warmUpSteps, 1, problems);
        if (!(warmUpSeconds >= 0 && warmUpSeconds <= 3600)) {
            problems.add("--warm-up-seconds", String.valueOf(warmUpSeconds), "a number from 0 to 3600");
        }
    }

    /** Whether the method can train at every pattern that it is to be measured at. */
    void check(ScalePlan plan, Suite suite, Problems problems) {
        suite.methods().names().stream().filter(method::equals).forEach(name -> plan.points().stream()
                .filter(point -> !point.isDense())
                .map(ScalePoint::pattern)
                .distinct()
                .forEach(pattern -> PatternSupport.check(
                        suite.methods().get(name, "--method"), pattern, "--patterns", problems)));
    }

    String methodName() {
        return method;
    }

    int steps() {
        return steps;
    }

    int warmUpSteps() {
        return warmUpSteps;
    }

    double warmUpSeconds() {
        return warmUpSeconds;
    }

    /** The same options, written out for a child process. */
    List<String> arguments() {
        return List.of(
                "--method=" + method,
                "--steps=" + steps,
                "--warm-up=" + warmUpSteps,
                "--warm-up-seconds=" + warmUpSeconds);
    }
}
