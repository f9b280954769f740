package org.bame.harness.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bame.datasets.files.IoFailure;
import org.bame.harness.Suite;
import org.bame.harness.config.NearestName;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.sweep.BuiltInSweeps;
import org.bame.harness.sweep.RunSpec;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.SweepChanges;
import org.bame.harness.sweep.SweepReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains every run of a sweep. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Trains every workload of a sweep file by every method at every pattern with every seed.",
        description = {
            "",
            "Writes runs.csv, epochs.csv, layers.csv, masks.csv and environments.csv, and prints a table. Run it again to go on"
                    + " where it was interrupted."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Everything asked for was done",
            "1:A run failed or diverged, or another process is still training it",
            "2:A mistake on the command line, in the sweep file or in the results folder",
            "3:Data are missing, damaged or unreachable"
        },
        footer = {
            "",
            "Examples:",
            "  ./bame sweep quickstart",
            "  ./bame sweep cifar10-resnet32 --data-dir ~/data --out results/cifar10 --threads 2",
            "  ./bame sweep my-sweep.yaml --methods bame --patterns 1:8 --seeds 1,2,3",
            "  ./bame sweep quickstart --print > my-sweep.yaml"
        })
final class SweepCommand implements Callable<Integer> {

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME_OR_FILE", description = "A built-in sweep (./bame list sweeps) or a YAML file.")
    private String sweep;

    @Mixin
    private TrainingOptions training;

    @Option(names = "--methods", split = ",", paramLabel = "NAME", description = "Only these of the file's methods.")
    private List<String> methods = List.of();

    @Option(
            names = "--patterns",
            split = ",",
            paramLabel = "PATTERN",
            description = "Instead of the file's patterns. " + PatternText.HELP)
    private List<String> patterns = List.of();

    @Option(names = "--seeds", split = ",", paramLabel = "N", description = "Instead of the file's seeds.")
    private List<Long> seeds = List.of();

    @Option(names = "--epochs", paramLabel = "N", description = "Instead of the recipe's epochs.")
    private Optional<Integer> epochs;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first so many training images.")
    private Optional<Integer> trainImages;

    @Option(names = "--limit-test", paramLabel = "N", description = "Only the first so many test images.")
    private Optional<Integer> testImages;

    @Option(names = "--print", description = "Print the sweep file and do nothing else.")
    private boolean print;

    @Option(names = "--dry-run", description = "Check the sweep and list its runs; train nothing.")
    private boolean dryRun;

    @Inject
    SweepCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        training.check(suite, problems);
        Optional<String> found = text(problems);
        if (found.isEmpty() || print) {
            problems.throwIfAny();
        }
        String text = found.orElseThrow();
        if (print) {
            spec.commandLine().getOut().print(text);
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
        String file = BuiltInSweeps.names().contains(sweep) ? sweep + ".yaml" : sweep;
        Sweep read = new SweepReader(suite).read(file, text, changes(), problems);
        training.requireData();
        if (dryRun) {
            read.runs().stream().map(RunSpec::runId).forEach(spec.commandLine().getOut()::println);
            return ExitCode.OK;
        }
        return training.train(
                suite, read, spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    private SweepChanges changes() {
        Map<String, JsonNode> recipe = new HashMap<>();
        epochs.ifPresent(count -> recipe.put("epochs", JsonNodeFactory.instance.numberNode(count)));
        Map<String, JsonNode> workload = new HashMap<>();
        trainImages.ifPresent(count -> workload.put("trainImages", JsonNodeFactory.instance.numberNode(count)));
        testImages.ifPresent(count -> workload.put("testImages", JsonNodeFactory.instance.numberNode(count)));
        return new SweepChanges(recipe, workload, methods, patterns, seeds);
    }

    /** The sweep file, or empty if a mistake was noted. */
    private Optional<String> text(Problems problems) {
        if (BuiltInSweeps.names().contains(sweep)) {
            return Optional.of(BuiltInSweeps.text(sweep));
        }
        Path file = Path.of(sweep);
        if (!Files.isRegularFile(file)) {
            problems.add(
                    "sweep",
                    "'" + sweep + "', neither a built-in sweep nor a file",
                    "a name that './bame list sweeps' shows, or the path of a YAML file",
                    NearestName.hint(sweep, BuiltInSweeps.names()));
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            problems.add("sweep", "'" + sweep + "', which cannot be read (" + IoFailure.reason(e) + ")",
                    "a readable text file in UTF-8");
            return Optional.empty();
        }
    }
}
