package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bame.harness.Suite;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.measure.StepBenchmark;
import org.bame.harness.measure.StepBenchmarkPlan;
import org.bame.harness.measure.StepMeasurement;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.peer.PeerLibrary;
import org.bame.harness.peer.Peers;
import org.bame.harness.recipes.NamedRecipe;
import org.bame.harness.recipes.Recipe;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.results.StepRow;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import org.bame.method.MethodFactory;
import org.bame.sparsity.SparsityPattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures whole training steps. */
@Command(
        name = "step",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures whole training steps of methods in each of their phases.",
        description = {
            "",
            "Every method, pattern and phase trains a network of its own on one batch of noise in memory (no data wait; of",
            "networks that read text random characters, and wherever it says images, windows are meant);",
            "they take turns of ten steps. Images/s and the ratio over dense are by the mean, so that mask updates count;",
            "the median does not show them. Phases are the method's own, and explained below the table.",
            "Peak memory is what a process would need that trains this way alone, estimated.",
            "A variant that diverges or finds no memory is left out; without the dense one the benchmark ends. Ended early",
            "(Ctrl-C, kill), it still shows and writes what it has: of each variant as many steps (column steps) as hold",
            "whole intervals from one mask update to the next.",
            "",
            "--peers adds PyTorch (through DJL) and Deeplearning4j with its own layers: the same network, initial weights",
            "and batch, each in a process of its own on as many threads. A slow one takes fewer steps (column steps). Their",
            "first loss must be ours. For a parameter-free shortcut Deeplearning4j has no layer; a subsampling and a merging",
            "with zeros stand in. Its momentum is Nesterov's. Networks with dropout, and transformers, are measured without."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Measured", "1:A training diverged or found no memory; the others were measured",
            "2:A mistake on the command line"},
        footer = {
            "",
            "Examples:",
            "  ./bame bench step --network resnet32 --data-set cifar10 --out results/steps",
            "  ./bame bench step --network resnet20 --methods dense,bame --patterns 1:16 --batch 64 --threads 1",
            "  ./bame bench step --network resnet8 --methods dense,sr-ste --patterns 2:4 --steps 20",
            "  ./bame bench step --network deit-t-cifar --recipe cifar10-deit-short --methods dense,step --patterns 2:4",
            "  ./bame bench step --network char-transformer --batch 32 --methods dense,static --patterns 2:4",
            "  ./bame bench step --network resnet32 --patterns 1:16 --peers --out results/steps"
        })
final class BenchStepCommand implements Callable<Integer> {

    private static final String DENSE = "dense";

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions networkOptions;

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description = "Of the optimizer: step wants one with adamW. Default: the data set's usual one.")
    private Optional<String> recipeName;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "128", description = "Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--methods",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "dense,sr-ste,maxq,bame,static",
            description = "Dense is always measured. Default: ${DEFAULT-VALUE}.")
    private List<String> methods;

    @Option(
            names = {"--patterns",
                "--pattern"},
            split = ",",
            paramLabel = "PATTERN",
            defaultValue = "1:4,1:16",
            description = PatternText.HELP + " Default: ${DEFAULT-VALUE}.")
    private List<String> patterns;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "100",
            description = "Timed steps of each; a multiple of the steps between two mask updates (bame: 100). Default:"
                    + " ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "20",
            description = "Untimed steps of each before. Default: ${DEFAULT-VALUE}.")
    private int warmUpSteps;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of a product. Default: one a processor.")
    private Optional<Integer> threads;

    @Option(
            names = "--kernel-policy",
            defaultValue = "sparse",
            description = "${COMPLETION-CANDIDATES}. How products on masks run: always by the kernel that skips the zeros, or by"
                    + " it or masked dense arithmetic, whichever is faster by a measurement at the start. Default:"
                    + " ${DEFAULT-VALUE}.")
    private KernelPolicy kernelPolicy;

    @Mixin
    private BenchOptions bench;

    @Mixin
    private PeerOptions peers;

    @Inject
    BenchStepCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Device> device = bench.device(suite, problems);
        Optional<NetworkFactory> found = networkOptions.trainableNetwork(suite, problems);
        Optional<DataSetShape> shape = found.flatMap(factory -> networkOptions.dataSet(factory, problems));
        List<SparsityPattern> parsed = PatternText.readSparse(patterns, "--patterns", problems);
        shape.ifPresent(data -> networkOptions.requireSparse(found.orElseThrow(), data, parsed, problems));
        List<MethodFactory<?>> factories = factories(problems);
        Optional<Recipe> recipe = shape.flatMap(data -> suite.recipes()
                .find(recipeName.orElse(data.recipe()), "--recipe", problems)
                .map(NamedRecipe::recipe));
        Optional<NetworkFactory> network =
                recipe.flatMap(chosen -> chosen.withDropPath(found.orElseThrow(), "--recipe", problems));
        BenchOptions.requireAtLeast("--batch", batch, 1, problems);
        BenchOptions.requireAtLeast("--steps", steps, 1, problems);
        BenchOptions.requireAtLeast("--warm-up", warmUpSteps, 2, problems);
        threads.ifPresent(count -> ThreadCount.check("--threads", count, problems));
        problems.throwIfAny();
        StepBenchmarkPlan plan = new StepBenchmarkPlan(
                network.orElseThrow(),
                shape.orElseThrow(),
                recipe.orElseThrow(),
                batch,
                factories,
                parsed,
                steps,
                warmUpSteps,
                kernelPolicy,
                threads.orElseGet(device.orElseThrow()::usualThreads),
                bench.seed());
        return measure(plan, device.orElseThrow());
    }

    private List<MethodFactory<?>> factories(Problems problems) {
        Set<String> names = new LinkedHashSet<>(List.of(DENSE));
        names.addAll(methods);
        List<MethodFactory<?>> factories = new ArrayList<>();
        for (String name : names) {
            suite.methods().find(name, "--methods", problems).ifPresent(factories::add);
        }
        return factories;
    }

    private int measure(StepBenchmarkPlan plan, Device device) {
        Optional<ResultsFolder> folder = bench.folder();
        Peers compared = peers.of(PeerLibrary.training());
        MeasureProgress progress = new MeasureProgress(spec.commandLine().getErr());
        try (Kernels kernels = device.open(plan.threads(), KernelChoice.SIMD)) {
            Optional<String> environmentId = folder.map(found -> BenchOptions.environmentId(
                    found, device, kernels, kernelPolicy, compared));
            StepBenchmark benchmark = new StepBenchmark(plan, kernels, compared, progress);
            try (EarlyEnd _ = new EarlyEnd(benchmark::stop)) {
                List<StepMeasurement> measured = benchmark.run();
                progress.end();
                StepTable.print(plan, measured, spec.commandLine().getOut());
                folder.ifPresent(found -> write(found, plan, measured, device, environmentId.orElseThrow()));
            }
            return benchmark.failed() == 0 ? ExitCode.OK : ExitCode.RUN_FAILED;
        } finally {
            progress.end();
        }
    }

    private void write(
            ResultsFolder folder,
            StepBenchmarkPlan plan,
            List<StepMeasurement> measured,
            Device device,
            String environmentId) {
        List<StepRow> rows = new ArrayList<>();
        for (StepMeasurement one : measured) {
            rows.add(new StepRow(
                    environmentId,
                    bench.startedAt(),
                    device.name(),
                    plan.network().name(),
                    batch,
                    one.method(),
                    one.pattern(),
                    one.phase().name(),
                    one.provider(),
                    plan.threads(),
                    one.steps(),
                    one.spread().medianNanos(),
                    one.spread().p10Nanos(),
                    one.spread().p90Nanos(),
                    one.meanNanos(),
                    one.imagesPerSecond(),
                    one.speedupVsDense(),
                    one.speedupVsPeer(),
                    one.peer(),
                    one.peakMemoryBytes(),
                    one.clockMeanNanos()));
        }
        folder.steps().append(rows);
    }
}
