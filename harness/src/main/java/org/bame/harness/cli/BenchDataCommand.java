package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.DataProvenance;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.SourceFile;
import org.bame.datasets.Verdict;
import org.bame.datasets.folder.ImageIndex;
import org.bame.datasets.folder.ImageNet;
import org.bame.datasets.pipeline.Augmentation;
import org.bame.datasets.pipeline.AugmentationPolicy;
import org.bame.harness.Suite;
import org.bame.harness.config.ConfigurationException;
import org.bame.harness.config.Problem;
import org.bame.harness.config.Problems;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.environment.EnvironmentProbe;
import org.bame.harness.measure.DataBenchmark;
import org.bame.harness.measure.DataMeasurement;
import org.bame.harness.results.DataRow;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.ResultsFolder;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how fast batches are made. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measures how many images a second are decoded, augmented and normalised.",
        description = {
            "",
            "Batches of training images are made while nobody trains on them, with a random-resized crop and flip as in training",
            "(or with all that a recipe does to images) and without as in evaluation. A training that takes fewer images a second does not wait for data, as long as",
            "decoding has processors of its own. All cases take turns in each round; the first round does not count, so that",
            "files which memory has room for come from there and not from the disk."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Measured", "2:A mistake on the command line", "3:Data are missing or damaged"},
        footer = {
            "",
            "Examples:",
            "  ./bame bench data --data-set imagenette --threads 1,2",
            "  ./bame bench data --data-set imagenette --recipes deit-imagenet,imagenet-sr-ste",
            "  ./bame bench data --data-set ~/photographs/train --image-size 224 --out results/data"
        })
final class BenchDataCommand implements Callable<Integer> {

    private static final AugmentationPolicy USUAL = AugmentationPolicy.of(Augmentation.RANDOM_RESIZED_CROP_FLIP);

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data-set",
            required = true,
            paramLabel = "NAME|DIR",
            description = "./bame list data-sets, or a folder that holds a folder of image files a class.")
    private String dataSet;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder of data sets. Default: $BAME_DATA_DIR, else ~/.cache/bame/data.")
    private Optional<Path> dataDir;

    @Option(
            names = "--recipes",
            split = ",",
            paramLabel = "NAME",
            description = "Augment as these do (./bame list recipes). Default: a random-resized crop and flip.")
    private List<String> recipes = List.of();

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            description = "Threads that decode. Default: 1 and one a processor.")
    private List<Integer> threads =
            Stream.of(1, Runtime.getRuntime().availableProcessors()).distinct().toList();

    @Option(
            names = "--image-size",
            paramLabel = "N",
            defaultValue = "0",
            description = "Rows and columns of images. Default: those of the data set, 224 for a folder.")
    private int imageSize;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--round-seconds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Least time of each measurement. Default: ${DEFAULT-VALUE}.")
    private double roundSeconds;

    @Mixin
    private BenchOptions bench;

    @Inject
    BenchDataCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Device> device = bench.device(suite, problems);
        threads.forEach(count -> ThreadCount.check("--threads", count, problems));
        BenchOptions.requireAtLeast("--image-size", imageSize, 0, problems);
        BenchOptions.requireAtLeast("--batch", batch, 1, problems);
        BenchOptions.requireAtLeast("--rounds", rounds, 1, problems);
        if (!(roundSeconds > 0)) {
            problems.add("--round-seconds", String.valueOf(roundSeconds), "a number above 0");
        }
        List<AugmentationPolicy> augmentations = augmentations(problems);
        boolean folder = !suite.dataSets().names().contains(dataSet) && Files.isDirectory(Path.of(dataSet));
        Optional<DataSetFactory> factory =
                folder ? Optional.empty() : suite.dataSets().find(dataSet, "--data-set", problems);
        problems.throwIfAny();
        DataFolder.requireThere(dataDir);
        DataRequest request = new DataRequest(dataDir, false, spec.commandLine().getErr()::println);
        Source source = factory.map(found -> named(found, request)).orElseGet(() -> folder(request));
        measure(source, augmentations, device.orElseThrow());
        return ExitCode.OK;
    }

    /** Those of the recipes, each once, and evaluation's. */
    private List<AugmentationPolicy> augmentations(Problems problems) {
        Stream<AugmentationPolicy> training = recipes.isEmpty()
                ? Stream.of(USUAL)
                : recipes.stream()
                        .flatMap(name -> suite.recipes().find(name, "--recipes", problems).stream())
                        .map(named -> named.recipe().augmentationPolicy());
        return Stream.concat(training, Stream.of(AugmentationPolicy.NONE)).distinct().toList();
    }

    private Source named(DataSetFactory factory, DataRequest request) {
        if (factory.load(request) instanceof ImageDataSet images) {
            ImageDataSet sized = images.at(imageSize);
            return new Source(factory.name(), sized.train(), sized.statistics(), sized.provenance());
        }
        throw new ConfigurationException(
                List.of(new Problem("--data-set", "'" + dataSet + "', which has no images", "a data set of images",
                        "")));
    }

    private Source folder(DataRequest request) {
        Path folder = Path.of(dataSet).toAbsolutePath().normalize();
        ImageIndex index = ImageIndex.scan(folder, request.progress());
        int depth = folder.getNameCount();
        String name = depth == 0 ? folder.toString() : folder.subpath(Math.max(0, depth - 2), depth).toString();
        DataProvenance provenance = new DataProvenance(
                name,
                List.of(new SourceFile(name + " (names and sizes)", index.sha256(), Verdict.UNKNOWN)),
                List.of());
        int side = imageSize == 0 ? ImageNet.SIDE : imageSize;
        return new Source(
                name, index.files(side, request.decodingThreads()), ChannelStatistics.IMAGENET, provenance);
    }

    private void measure(Source source, List<AugmentationPolicy> augmentations, Device device) {
        PrintWriter out = spec.commandLine().getOut();
        Optional<ResultsFolder> folder = bench.folder();
        MeasureProgress progress = new MeasureProgress(spec.commandLine().getErr());
        long roundNanos = (long) (roundSeconds * TimeUnit.SECONDS.toNanos(1));
        List<DataMeasurement> measured;
        try {
            measured = new DataBenchmark(source.images(), source.statistics(), batch, rounds, roundNanos)
                    .run(augmentations, threads, progress);
        } finally {
            progress.end();
        }
        out.printf(Locale.ROOT, "%s: %,d images as %s, batches of %d%n", source.name(), source.images().size(),
                source.images().shape(), Math.min(batch, source.images().size()));
        TextTable table = new TextTable(
                1, List.of("augmentation", "threads", "images/s", "slow rounds", "fast rounds", "ms/image"));
        measured.forEach(one -> table.add(List.of(
                one.augmentation().toString(),
                String.valueOf(one.threads()),
                Text.fixed(one.imagesPerSecond(), 0),
                Text.fixed(TimeUnit.SECONDS.toNanos(1) / one.spread().p90Nanos(), 0),
                Text.fixed(TimeUnit.SECONDS.toNanos(1) / one.spread().p10Nanos(), 0),
                Text.fixed(one.spread().medianNanos() / TimeUnit.MILLISECONDS.toNanos(1), 3))));
        table.print(out);
        folder.ifPresent(found -> write(source, measured, found, device));
    }

    private void write(Source source, List<DataMeasurement> measured, ResultsFolder folder, Device device) {
        EnvironmentRow environment;
        try (Kernels kernels = device.open(1, KernelChoice.SIMD)) {
            environment = EnvironmentProbe.probe(device, kernels, KernelPolicy.SPARSE, source.provenance());
        }
        folder.environments().append(List.of(environment));
        folder.data().append(measured.stream()
                .map(one -> new DataRow(
                        environment.id(),
                        bench.startedAt(),
                        source.name(),
                        source.images().size(),
                        one.augmentation().toString(),
                        source.images().shape().height(),
                        Math.min(batch, source.images().size()),
                        one.threads(),
                        rounds,
                        one.spread().medianNanos(),
                        one.spread().p10Nanos(),
                        one.spread().p90Nanos(),
                        one.imagesPerSecond()))
                .toList());
    }

    /** What is measured. */
    private record Source(
            String name, LabelledImages images, ChannelStatistics statistics, DataProvenance provenance) {}
}
