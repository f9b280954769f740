package org.bame.harness.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bame.harness.Suite;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.environment.ChildJvm;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.measure.ScaleMeasurement;
import org.bame.harness.measure.ScalePoint;
import org.bame.harness.measure.SoloStepBenchmark;
import org.bame.harness.measure.StepBenchmarkPlan;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.recipes.Recipe;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import org.bame.method.MethodFactory;
import org.bame.sparsity.SparsityPattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One point of {@code bench scale}, which starts this command in a process of its own and reads its output. */
@Command(
        name = ScalePointCommand.NAME,
        hidden = true,
        mixinStandardHelpOptions = true,
        header = "Measures one point of 'bench scale' and prints it as JSON.")
final class ScalePointCommand implements Callable<Integer> {

    static final String NAME = "scale-point";
    private static final double NANOS = 1e9;
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions networkOptions;

    @Mixin
    private ScaleOptions options;

    @Mixin
    private BenchOptions bench;

    @Option(names = "--batch", required = true)
    private int batch;

    @Option(names = "--width", required = true)
    private int width;

    @Option(names = "--threads", required = true)
    private int threads;

    @Option(names = "--pattern", required = true)
    private String pattern;

    @Inject
    ScalePointCommand(Suite suite) {
        this.suite = suite;
    }

    /**
     * Measures a point in a process of its own.
     *
     * @param common arguments that say what stays the same for all points
     */
    static ScaleMeasurement.Figures inChild(ScalePoint point, List<String> common) {
        List<String> arguments = new ArrayList<>(List.of("bench", NAME));
        arguments.addAll(common);
        arguments.addAll(List.of(
                "--batch=" + point.batch(),
                "--width=" + point.width(),
                "--threads=" + point.threads(),
                "--pattern=" + point.patternName()));
        String output = new ChildJvm(List.of(), Main.class.getName(), arguments).output();
        try {
            return JSON.readValue(output, ScaleMeasurement.Figures.class);
        } catch (IOException e) {
            throw new IllegalStateException("Got '" + output + "' from a child process, expected its figures as JSON",
                    e);
        }
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Device> device = bench.device(suite, problems);
        Optional<NetworkFactory> network = networkOptions.trainableNetwork(suite, problems);
        Optional<DataSetShape> data = network.flatMap(factory -> networkOptions.dataSet(factory, problems));
        Optional<SparsityPattern> read = PatternText.read(pattern, "--pattern", problems);
        problems.throwIfAny();
        ScalePoint point = new ScalePoint(batch, width, threads, read.orElseThrow());
        Optional<MethodFactory<?>> method = options.method(suite, point, problems);
        Recipe recipe = suite.recipes().get(data.orElseThrow().recipe(), "--data-set").recipe();
        Optional<NetworkFactory> trained =
                recipe.withDropPath(network.orElseThrow().widened(width).orElseThrow(), "--data-set", problems);
        problems.throwIfAny();
        StepBenchmarkPlan plan = new StepBenchmarkPlan(
                trained.orElseThrow(),
                data.orElseThrow(),
                recipe,
                batch,
                List.of(method.orElseThrow()),
                List.of(point.pattern()),
                options.steps(),
                options.warmUpSteps(),
                KernelPolicy.SPARSE,
                threads,
                bench.seed());
        try (Kernels kernels = device.orElseThrow().open(threads, KernelChoice.SIMD)) {
            ScaleMeasurement.Figures figures =
                    SoloStepBenchmark.measure(plan, (long) (options.warmUpSeconds() * NANOS), kernels);
            spec.commandLine().getOut().println(JSON.writeValueAsString(figures));
            return ExitCode.OK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
