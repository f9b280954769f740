package org.bame.harness.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bame.harness.Suite;
import org.bame.harness.config.ConfigurationException;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problem;
import org.bame.harness.config.Problems;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.SweepChanges;
import org.bame.harness.sweep.SweepReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains one run: a sweep of one, written on the command line. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Trains one network by one method.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The run is finished",
            "1:It failed or diverged, or another process is still training it",
            "2:A mistake on the command line or in the results folder",
            "3:Data are missing, damaged or unreachable"
        },
        footer = {
            "",
            "Examples:",
            "  ./bame run --data-set synthetic10 --network resnet8 --method bame --pattern 1:4 --set interval=20",
            "  ./bame run --data-set cifar10 --network resnet32 --method sr-ste --pattern 2:4 --recipe cifar10-short"
                    + " --set recipe.epochs=3 --out results/try"
        })
final class RunCommand implements Callable<Integer> {

    private static final String RECIPE = "recipe";
    private static final String EPOCHS = "epochs";
    private static final String NAME = "run";
    /** Keys of the sweep that is made of the command line, and the options they come from; the first that fits counts. */
    private static final List<Map.Entry<String, String>> OPTIONS = List.of(
            Map.entry("methods[0].options.", "--set "),
            Map.entry("methods[0].options", "--set"),
            Map.entry("workloads[0].overrides", "--set recipe"),
            Map.entry("methods[0].patterns", "--pattern"),
            Map.entry("patterns[0]", "--pattern"),
            Map.entry("methods[0].method", "--method"),
            Map.entry("workloads[0].dataSet", "--data-set"),
            Map.entry("workloads[0].network", "--network"),
            Map.entry("workloads[0].recipe", "--recipe"),
            Map.entry("workloads[0].trainImages", "--limit"),
            Map.entry("workloads[0].testImages", "--limit-test"),
            Map.entry("workloads[0]", NAME));

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data-set", required = true, paramLabel = "NAME", description = "./bame list data-sets")
    private String dataSet;

    @Option(names = "--network", required = true, paramLabel = "NAME", description = "./bame list networks")
    private String network;

    @Option(names = "--method", required = true, paramLabel = "NAME", description = "./bame list methods")
    private String method;

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description = "Not needed by dense. " + PatternText.HELP)
    private Optional<String> pattern;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description = "./bame list recipes. Default: the data set's usual one.")
    private Optional<String> recipe;

    @Option(names = "--epochs", paramLabel = "N", description = "The same as --set recipe.epochs=N.")
    private Optional<Integer> epochs;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "An option of the method, as in tau=0.3, or of the recipe, as in recipe.epochs=5. Repeatable.")
    private List<String> assignments = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "Only the first so many training images.")
    private Optional<Integer> trainImages;

    @Option(names = "--limit-test", paramLabel = "N", description = "Only the first so many test images.")
    private Optional<Integer> testImages;

    @Mixin
    private TrainingOptions training;

    @Inject
    RunCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        training.check(suite, problems);
        Map<String, Map<String, JsonNode>> options =
                Assignments.byScope(assignments, method, List.of(method, RECIPE), problems);
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ObjectNode workload = tree.putArray("workloads").addObject();
        workload.put("dataSet", dataSet);
        workload.put("network", network);
        workload.put(RECIPE, recipe.orElseGet(this::usualRecipe));
        ObjectNode overrides = workload.putObject("overrides");
        options.getOrDefault(RECIPE, Map.of()).forEach(overrides::set);
        epochs.ifPresent(count -> overrideEpochs(overrides, count, problems));
        trainImages.ifPresent(count -> workload.put("trainImages", count));
        testImages.ifPresent(count -> workload.put("testImages", count));
        ObjectNode entry = tree.putArray("methods").addObject();
        entry.put("method", method);
        options.getOrDefault(method, Map.of()).forEach(entry.putObject("options")::set);
        pattern.ifPresent(text -> tree.putArray("patterns").add(text));
        tree.putArray("seeds").add(seed);
        Sweep sweep = read(tree, problems);
        training.requireData();
        return training.train(
                suite, sweep, spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    private static void overrideEpochs(ObjectNode overrides, int count, Problems problems) {
        if (overrides.has(EPOCHS)) {
            problems.add("--epochs", count + " beside --set recipe.epochs=" + overrides.get(EPOCHS).asText(),
                    "one of them");
        }
        overrides.put(EPOCHS, count);
    }

    private Sweep read(ObjectNode tree, Problems problems) {
        try {
            return new SweepReader(suite).read(NAME, tree, SweepChanges.NONE, problems);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(e.problems().stream().map(RunCommand::onCommandLine).toList());
        }
    }

    /** The mistake where the user made it: there is no sweep file to look into. */
    private static Problem onCommandLine(Problem problem) {
        String key = problem.where().replaceFirst("^" + NAME + ": ", "");
        return OPTIONS.stream()
                .filter(option -> key.startsWith(option.getKey()))
                .findFirst()
                .map(option -> problem.at(option.getValue() + key.substring(option.getKey().length())))
                .orElse(problem);
    }

    private String usualRecipe() {
        return DataSetShape.find(dataSet).map(DataSetShape::recipe).orElse("quick");
    }
}
