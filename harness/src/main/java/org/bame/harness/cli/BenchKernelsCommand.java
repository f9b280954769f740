package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.bame.harness.Suite;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.environment.ChildJvm;
import org.bame.harness.measure.KernelBenchmark;
import org.bame.harness.measure.KernelBenchmarkPlan;
import org.bame.harness.measure.KernelMeasurement;
import org.bame.harness.measure.KernelMismatchException;
import org.bame.harness.measure.KernelShape;
import org.bame.harness.measure.KernelShapes;
import org.bame.harness.peer.PeerLibrary;
import org.bame.harness.peer.Peers;
import org.bame.harness.results.KernelRow;
import org.bame.harness.results.ResultsFolder;
import org.bame.kernel.Kernels;
import org.bame.sparsity.DensityDistribution;
import org.bame.sparsity.SparsityPattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the products. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures the three products of real shapes, dense and by N:M masks.",
        description = {
            "",
            "All variants of a shape are called in turn, round by round. Sparse kernels skip every zero: times are",
            "executed, GFLOP/s count nonzeros only. Each kernel is checked against the scalar twin on its own operands,",
            "before and after the timing: forward product and input gradient of the first and last image of the batch,",
            "weight gradient of the first and last output over the whole batch, and the counted multiply-accumulates.",
            "A shape that several layers of a network have is measured once; the sums at the end count it as often.",
            "A JVM has one vector width: each of --vector-bits is measured by a process of its own, one after the other.",
            "",
            "--peers adds oneDNN and ND4J, dense, each in a process of its own on as many threads, in the same rounds.",
            "oneDNN's convolution chooses the order of its tensors by itself, and is not charged for bringing them into it.",
            "Of ND4J one matrix product of the same size is timed, not the unfolding of the images into a matrix (im2col)",
            "before it. Both are thus flattered. They choose their own vector width; with several --vector-bits they are",
            "measured again in the rounds of each, for only times of the same rounds are compared."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Measured", "1:A kernel disagrees with its scalar twin", "2:A mistake on the command line"},
        footer = {
            "",
            "Examples:",
            "  ./bame bench kernels",
            "  ./bame bench kernels --shapes notes --patterns 2:4,1:4,1:8,1:16 --threads 1,2 --out results/kernels",
            "  ./bame bench kernels --shapes resnet32 --patterns 1:4,1:4/g4",
            "  ./bame bench kernels --shapes resnet20 --patterns 1:4,unstructured@0.75,fan_in@0.75",
            "  ./bame bench kernels --shapes resnet50 --vector-bits 512,256 --threads 1,2",
            "  ./bame bench kernels --shapes my-shapes.yaml --rounds 50",
            "  ./bame bench kernels --shapes resnet32 --peers --out results/kernels",
            "",
            "A file of shapes is a YAML list; keys left out are as in this entry (padding: half the kernel):",
            "  - {inputs: 64, outputs: 64, height: 8, width: 8, kernel: 3, stride: 1, padding: 1, batch: 128, layers: 1}",
            "layers: how many layers of the network have the shape. A linear layer has kernel 1; its tokens are the height."
        })
final class BenchKernelsCommand implements Callable<Integer> {

    private static final String VECTOR_BITS = "--vector-bits";
    private static final List<Integer> WIDTHS = List.of(128, 256, 512);
    private static final double NANOS = 1e9;
    private static final String DATA_TYPE = "float32";

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--shapes",
            paramLabel = "NAME|FILE",
            defaultValue = "quick",
            description = "quick (four shapes), notes (the six of the kernel notes), a network (resnet32, resnet50, mobilenetv2,"
                    + " deit-s, ...: its different sparsifiable layers; batch 128, or 32 for large images), or a"
                    + " YAML file. Default: ${DEFAULT-VALUE}.")
    private String shapes;

    @Option(
            names = {"--patterns",
                "--pattern"},
            split = ",",
            paramLabel = "PATTERN",
            defaultValue = "2:4,1:4,2:8,1:8,1:16",
            description = "Beside dense. " + PatternText.HELP + " Default: ${DEFAULT-VALUE}.")
    private List<String> patterns;

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "One or several. Default: 1 and one a processor.")
    private List<Integer> threads = List.of();

    @Option(
            names = VECTOR_BITS,
            split = ",",
            paramLabel = "N",
            description = "128, 256 or 512, one or several. Default: the widest here.")
    private List<Integer> vectorBits = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "20",
            description = "Timed calls of each variant. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--warm-up-seconds",
            paramLabel = "N",
            defaultValue = "1.5",
            description = "Least untimed work on a shape. Even from 0 it goes on until Java's compilers have been idle for 0.3 s"
                    + " and times stop falling, up to 8 times as long, or 12 s. If they were at work during the timed"
                    + " rounds all the same, you are told. Default: ${DEFAULT-VALUE}.")
    private double warmUpSeconds;

    @Mixin
    private BenchOptions bench;

    @Mixin
    private PeerOptions peers;

    @Inject
    BenchKernelsCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Device> device = bench.device(suite, problems);
        List<KernelShape> resolved = KernelShapes.resolve(shapes, suite.networks(), "--shapes", problems);
        List<SparsityPattern> parsed = PatternText.readSparse(patterns, "--patterns", problems);
        parsed.stream()
                .filter(pattern -> pattern.distribution() != DensityDistribution.UNIFORM)
                .forEach(pattern -> problems.add(
                        "--patterns",
                        "'" + pattern + "', whose densities are a whole network's",
                        "a pattern of the density of one layer, as in unstructured@0.75"));
        threads.forEach(count -> ThreadCount.check("--threads", count, problems));
        BenchOptions.requireAtLeast("--rounds", rounds, 1, problems);
        if (!(warmUpSeconds >= 0 && warmUpSeconds <= 3600)) {
            problems.add("--warm-up-seconds", String.valueOf(warmUpSeconds), "a number from 0 to 3600");
        }
        device.ifPresent(found -> checkVectorBits(found.vectorBits(), problems));
        problems.throwIfAny();
        if (!vectorBits.isEmpty() && !vectorBits.equals(List.of(device.orElseThrow().vectorBits()))) {
            return measureEachWidth();
        }
        List<Integer> counts = threads.isEmpty()
                ? List.of(1, device.orElseThrow().usualThreads())
                : threads;
        KernelBenchmarkPlan plan = new KernelBenchmarkPlan(
                resolved,
                parsed,
                counts.stream().distinct().toList(),
                rounds,
                (long) (warmUpSeconds * NANOS),
                bench.seed());
        return measure(plan, device.orElseThrow());
    }

    private void checkVectorBits(int widest, Problems problems) {
        List<Integer> known = WIDTHS.stream().filter(bits -> bits <= widest).toList();
        vectorBits.stream().filter(bits -> !known.contains(bits)).forEach(bits -> problems.add(
                "--vector-bits", bits.toString(), "one of " + known + ", the widths that run here"));
    }

    private int measureEachWidth() {
        List<String> others = new ArrayList<>();
        Iterator<String> all = spec.root().commandLine().getParseResult().originalArgs().iterator();
        while (all.hasNext()) {
            String argument = all.next();
            if (argument.equals(VECTOR_BITS)) {
                all.next();
            } else if (!argument.startsWith(VECTOR_BITS + "=")) {
                others.add(argument);
            }
        }
        for (int bits : new LinkedHashSet<>(vectorBits)) {
            List<String> arguments = new ArrayList<>(others);
            arguments.add(VECTOR_BITS + "=" + bits);
            int code = new ChildJvm(List.of(ChildJvm.vectorBits(bits)), Main.class.getName(), arguments).run();
            if (code != ExitCode.OK) {
                return code;
            }
        }
        return ExitCode.OK;
    }

    private int measure(KernelBenchmarkPlan plan, Device device) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Peers compared = peers.of(PeerLibrary.products());
        Optional<Writer> writer = bench.folder().map(folder -> new Writer(folder, device, plan, compared));
        MeasureProgress progress = new MeasureProgress(err);
        try {
            List<KernelMeasurement> all = new KernelBenchmark(plan, device, compared,
                    progress).run(measured -> {
                        progress.end();
                        writer.ifPresent(found -> found.write(measured));
                        KernelTables.printShape(measured, out);
                    });
            KernelTables.printSummary(all, plan.rounds(), out);
            return ExitCode.OK;
        } catch (KernelMismatchException e) {
            progress.end();
            err.println(e.getMessage());
            return ExitCode.RUN_FAILED;
        }
    }

    /** Appends rows; each number of threads is an environment of its own. */
    private final class Writer {

        private final ResultsFolder folder;
        private final Device device;
        private final Map<Integer, String> environmentIds = new TreeMap<>();

        Writer(ResultsFolder folder, Device device, KernelBenchmarkPlan plan, Peers compared) {
            this.folder = folder;
            this.device = device;
            for (int count : plan.threads()) {
                try (Kernels kernels = device.open(count, KernelChoice.SIMD)) {
                    environmentIds.put(
                            kernels.threads(), BenchOptions.environmentId(folder, device, kernels, compared));
                }
            }
        }

        void write(List<KernelMeasurement> measured) {
            List<KernelRow> rows = new ArrayList<>();
            for (KernelMeasurement one : measured) {
                rows.add(new KernelRow(
                        environmentIds.get(one.threads()),
                        bench.startedAt(),
                        device.name(),
                        one.provider(),
                        shapes,
                        one.shape().name(),
                        one.shape().layers(),
                        one.productName(),
                        one.patternName(),
                        DATA_TYPE,
                        one.threads(),
                        rounds,
                        one.spread().medianNanos(),
                        one.spread().p10Nanos(),
                        one.spread().p90Nanos(),
                        one.gflops(),
                        one.speedupVsDense(),
                        one.speedupVsPeer(),
                        one.peer()));
            }
            folder.kernels().append(rows);
        }
    }
}
