package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.bame.datasets.files.IoFailure;
import org.bame.harness.Suite;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.flops.CostQuestion;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.measure.ScaleMeasurement;
import org.bame.harness.measure.ScalePlan;
import org.bame.harness.measure.ScalePoint;
import org.bame.harness.measure.ScaleStudy;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.peer.Peers;
import org.bame.harness.report.ScalePlots;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.results.ScaleRow;
import org.bame.kernel.Kernels;
import org.bame.method.Optimizer;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how training steps scale. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures time and memory of a training step against batch, width, threads and density.",
        description = {
            "",
            "One factor is varied at a time about a base point; batch, width and threads both at its pattern and dense.",
            "Each point trains alone in a process of its own, whose peak of memory is so that point's, on one batch of",
            "noise; points are measured one after the other, so a disturbance of the machine falls on single points.",
            "Writes scale.csv and, for each factor, a plot of time and one of memory as SVG beside it. Columns:",
            "  pattern, density, batch, width, threads     the point; width is times the network's channels",
            "  median_nanos, p10_nanos, p90_nanos          of a training step, executed",
            "  images_per_second                           by the median",
            "  peak_memory_bytes                           of the process, the JVM included",
            "  parameters, macs_per_image                  of the widened network, dense"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Measured", "1:A point failed", "2:A mistake on the command line"},
        footer = {
            "",
            "Examples:",
            "  ./bame bench scale --network resnet32 --out results/scale",
            "  ./bame bench scale --network resnet20 --batches 64 --widths 1,2,4 --patterns dense,1:16 --base pattern=1:16"
        })
final class BenchScaleCommand implements Callable<Integer> {

    /** Of a process that starts and warms up, in units of multiply-accumulates. */
    private static final double START_WORK = 2e12;
    private static final List<Integer> USUAL_WIDTHS = List.of(1, 2, 4);

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions networkOptions;

    @Option(
            names = "--batches",
            split = ",",
            paramLabel = "N",
            defaultValue = "16,32,64,128,256",
            description = "Default: ${DEFAULT-VALUE}.")
    private List<Integer> batches;

    @Option(
            names = "--widths",
            split = ",",
            paramLabel = "N",
            description = "Times the channels. Default: 1,2,4 of networks that have such a parameter, else 1.")
    private List<Integer> widths = List.of();

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "Threads of a product. Default: 1 and one a processor.")
    private List<Integer> threads = List.of();

    @Option(
            names = "--patterns",
            split = ",",
            paramLabel = "PATTERN",
            defaultValue = "dense,2:4,1:4,1:8,1:16",
            description = "dense among them. " + PatternText.HELP + " Default: ${DEFAULT-VALUE}.")
    private List<String> patterns;

    @Option(
            names = "--base",
            split = ",",
            paramLabel = "KEY=VALUE",
            description = "The base point. Default: batch=128,width=1,threads=the most,pattern=1:4.")
    private Map<String, String> base = Map.of();

    @Mixin
    private ScaleOptions options;

    @Mixin
    private BenchOptions bench;

    @Inject
    BenchScaleCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Device> device = bench.device(suite, problems);
        Optional<NetworkFactory> network = networkOptions.trainableNetwork(suite, problems);
        Optional<DataSetShape> data = network.flatMap(factory -> networkOptions.dataSet(factory, problems));
        options.check(suite, problems);
        List<Integer> counts = threads.isEmpty() && device.isPresent()
                ? List.of(1, device.get().usualThreads())
                : threads;
        List<Integer> factors = widths.isEmpty() && network.isPresent() ? usualWidths(network.get()) : widths;
        Optional<ScalePlan> plan = counts.isEmpty() ? Optional.empty() : plan(factors, counts, problems);
        plan.ifPresent(found -> options.check(found, suite, problems));
        network.ifPresent(factory -> plan.ifPresent(found -> checkWidths(factory, found, problems)));
        data.ifPresent(shape -> plan.ifPresent(found -> networkOptions.requireSparse(
                network.orElseThrow(), shape, patterns(found), problems)));
        problems.throwIfAny();
        measure(plan.orElseThrow(), network.orElseThrow(), data.orElseThrow(), device.orElseThrow());
        return ExitCode.OK;
    }

    private static List<SparsityPattern> patterns(ScalePlan plan) {
        return plan.points().stream().map(ScalePoint::pattern).distinct().toList();
    }

    private static List<Integer> usualWidths(NetworkFactory network) {
        return USUAL_WIDTHS.stream().filter(width -> network.widened(width).isPresent()).toList();
    }

    private Optional<ScalePlan> plan(List<Integer> factors, List<Integer> counts, Problems problems) {
        int before = problems.count();
        batches.forEach(batch -> BenchOptions.requireAtLeast("--batches", batch, 1, problems));
        factors.forEach(width -> BenchOptions.requireAtLeast("--widths", width, 1, problems));
        counts.forEach(count -> ThreadCount.check("--threads", count, problems));
        List<SparsityPattern> parsed = PatternText.readAll(patterns, "--patterns", problems);
        Map<String, String> left = new TreeMap<>(base);
        UnaryOperator<String> take = key -> left.remove(key);
        int batch = number("batch", take, 128, problems);
        int width = number("width", take, 1, problems);
        int count = number("threads", take, Collections.max(counts), problems);
        String text = Optional.ofNullable(take.apply("pattern")).orElse("1:4");
        Optional<SparsityPattern> pattern = PatternText.read(text, "--base", problems);
        left.keySet().forEach(
                key -> problems.add("--base", "unknown key '" + key + "'", "batch, width, threads or pattern"));
        return problems.count() > before
                ? Optional.empty()
                : Optional.of(new ScalePlan(
                        new ScalePoint(batch, width, count, pattern.orElseThrow()), batches, factors, counts, parsed));
    }

    private static int number(String key, UnaryOperator<String> take, int usual, Problems problems) {
        String text = take.apply(key);
        if (text == null) {
            return usual;
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            problems.add("--base", key + "=" + text, "a whole number of at least 1");
            return usual;
        }
        return Integer.parseInt(text);
    }

    private static void checkWidths(NetworkFactory network, ScalePlan plan, Problems problems) {
        plan.points().stream().map(ScalePoint::width).distinct()
                .filter(width -> network.widened(width).isEmpty())
                .forEach(width -> problems.add(
                        "--widths", width.toString(), "1, for " + network.name() + " comes in one width",
                        "Other widths are those of CIFAR ResNets, such as resnet32."));
    }

    private void measure(ScalePlan plan, NetworkFactory network, DataSetShape data, Device device) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<Writer> writer = bench.folder().map(folder -> new Writer(folder, device, network, data, plan));
        MeasureProgress progress = new MeasureProgress(err);
        List<String> common = new ArrayList<>(List.of("--network=" + network.name(), "--data-set=" + data.name()));
        common.addAll(options.arguments());
        common.addAll(bench.arguments());
        List<ScaleMeasurement> measured;
        try {
            measured = new ScaleStudy(
                    plan, point -> ScalePointCommand.inChild(point, common), point -> work(point, network, data),
                    progress)
                    .run(one -> writer.ifPresent(found -> found.write(one)));
        } finally {
            progress.end();
        }
        out.println();
        out.println(network.name() + " on " + data.samples() + ", " + options.methodName() + " and dense, "
                + options.steps() + " steps a point, each in a process of its own. Times are executed");
        ScaleTable.print(measured, out);
        writer.ifPresent(found -> found.plot(measured, err));
    }

    /** Roughly, in multiply-accumulates. */
    private double work(ScalePoint point, NetworkFactory network, DataSetShape data) {
        double forward = macs(network.widened(point.width()).orElseThrow(), data);
        double density = Math.min(1, 0.25 + point.pattern().density());
        int processors = Math.min(point.threads(), Runtime.getRuntime().availableProcessors());
        return START_WORK / processors + 3 * forward * point.batch() * density / processors
                * (options.steps() + options.warmUpSteps());
    }

    private static long macs(NetworkFactory network, DataSetShape data) {
        return new CostQuestion(network, data, 1, 1, new Optimizer.Sgd(0, false)).account(NmPattern.DENSE)
                .forwardMacsPerSample();
    }

    /** Appends a row a point, and draws the plots. */
    private final class Writer {

        private final ResultsFolder folder;
        private final Device device;
        private final NetworkFactory network;
        private final DataSetShape data;
        private final ScalePlan plan;
        private final Map<Integer, String> environmentIds = new TreeMap<>();

        Writer(ResultsFolder folder, Device device, NetworkFactory network, DataSetShape data, ScalePlan plan) {
            this.folder = folder;
            this.device = device;
            this.network = network;
            this.data = data;
            this.plan = plan;
            plan.points().stream().map(ScalePoint::threads).distinct().forEach(count -> {
                try (Kernels kernels = device.open(count, KernelChoice.SIMD)) {
                    environmentIds.put(count, BenchOptions.environmentId(folder, device, kernels, Peers.none()));
                }
            });
        }

        void write(ScaleMeasurement one) {
            ScalePoint point = one.point();
            NetworkFactory widened = network.widened(point.width()).orElseThrow();
            folder.scale().append(List.of(new ScaleRow(
                    environmentIds.get(point.threads()),
                    bench.startedAt(),
                    device.name(),
                    network.name(),
                    data.name(),
                    point.isDense() ? "dense" : options.methodName(),
                    point.patternName(),
                    point.pattern().density(),
                    point.batch(),
                    point.width(),
                    point.threads(),
                    one.figures().provider(),
                    options.steps(),
                    one.figures().spread().medianNanos(),
                    one.figures().spread().p10Nanos(),
                    one.figures().spread().p90Nanos(),
                    one.imagesPerSecond(),
                    one.figures().peakMemoryBytes(),
                    widened.parameters(data.image(), data.classes()),
                    macs(widened, data))));
        }

        /** A JDK without fonts or font libraries cannot draw; the rows are written all the same. */
        void plot(List<ScaleMeasurement> measured, PrintWriter err) {
            try {
                ScalePlots.write(network.name(), plan.base(), measured, folder.path())
                        .forEach(file -> err.println("plot: " + file));
            } catch (IOException e) {
                err.println("No plots: " + IoFailure.reason(e)
                        + ". Check that the folder is writable; the rows are there.");
            } catch (LinkageError | RuntimeException e) {
                err.println("No plots: this JDK cannot draw text (" + e + "). Install fonts, for example Debian's"
                        + " fontconfig and fonts-dejavu-core; the rows are there.");
            }
        }
    }
}
