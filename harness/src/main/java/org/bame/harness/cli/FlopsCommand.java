package org.bame.harness.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bame.flops.TrainingCost;
import org.bame.harness.Suite;
import org.bame.harness.config.MethodOptions;
import org.bame.harness.config.PatternSupport;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.flops.CostQuestion;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.flops.MethodCost;
import org.bame.harness.flops.PublishedCost;
import org.bame.harness.flops.PublishedCosts;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.recipes.Recipe;
import org.bame.harness.results.CsvFile;
import org.bame.harness.results.FlopsRow;
import org.bame.method.MethodFactory;
import org.bame.sparsity.SparsityPattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What methods cost by arithmetic: no data, no training. */
@Command(
        name = "flops",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Counts what methods cost on a network, in three accounts, without training.",
        description = {
            "",
            "A ratio is the training cost over that of the dense network, in an account:",
            "  paper         as the papers count",
            "  cpu_executed  what kernels that skip every zero execute",
            "  nm_hardware   what N:M tensor cores could skip",
            "The test ratio is the deployed network's. 'sr-ste over' is SR-STE's cost over the method's.",
            "'published' is what a source says of the account paper: stated there, or derived from what it states.",
            "The second table shows which products run sparse in each account, for the whole run and for each of its phases."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Counted", "2:A mistake on the command line"},
        footer = {
            "",
            "Examples:",
            "  ./bame flops --network resnet50 --data-set imagenet --pattern 1:16",
            "  ./bame flops --network resnet50 --pattern 1:16 --set bame.finalFraction=1 --methods sr-ste,bame",
            "  ./bame flops --network resnet32 --data-set cifar10 --pattern 1:4 --layers --csv flops.csv"
        })
final class FlopsCommand implements Callable<Integer> {

    private static final String REFERENCE = "sr-ste";
    /** The answer to the transpose question that N:M hardware can use; counted beside the default (methods.md 4.5). */
    private static final Variant TILE = new Variant("bame", "bame/tile", Map.of("transpose", "tile"));

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions networkOptions;

    @Option(
            names = {"--pattern",
                "--patterns"},
            split = ",",
            paramLabel = "PATTERN",
            defaultValue = "2:4,1:4,1:8,1:16",
            description = "One or several. " + PatternText.HELP + " Default: ${DEFAULT-VALUE}.")
    private List<String> patterns;

    @Option(
            names = "--methods",
            split = ",",
            paramLabel = "NAME",
            description = "Default: all that train by the pattern.")
    private List<String> methods = List.of();

    @Option(names = "--epochs", paramLabel = "N", description = "Default: the data set's usual recipe's.")
    private Optional<Integer> epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Default: the data set's usual recipe's.")
    private Optional<Integer> batch;

    @Option(
            names = "--set",
            paramLabel = "METHOD.KEY=VALUE",
            description = "An option of a method, as in bame.finalFraction=1. Repeatable.")
    private List<String> assignments = List.of();

    @Option(names = "--layers", description = "Show each layer, whether it is made sparse, and why (not).")
    private boolean layers;

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            description = "Published figures. Default: results/reference.csv of the checkout, if it is there.")
    private Optional<Path> reference;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the ratios and densities there as CSV too.")
    private Optional<Path> csv;

    @Inject
    FlopsCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<NetworkFactory> found = networkOptions.network(suite, problems);
        Optional<DataSetShape> shape = found.flatMap(factory -> networkOptions.dataSet(factory, problems));
        List<SparsityPattern> parsed = PatternText.readAll(patterns, "--pattern", problems);
        List<Variant> variants = variants(parsed, problems);
        requirePositive("--epochs", epochs, problems);
        requirePositive("--batch", batch, problems);
        problems.throwIfAny();
        Recipe recipe = suite.recipes().get(shape.orElseThrow().recipe(), "--data-set").recipe();
        CostQuestion question = new CostQuestion(
                found.orElseThrow(),
                shape.orElseThrow(),
                epochs.orElse(recipe.epochs()),
                batch.orElse(recipe.batch()),
                recipe.optimizer());
        if (question.stepsPerEpoch() < 1) {
            problems.add("--batch", String.valueOf(question.batch()), "at most " + shape.get().trainImages()
                    + " training images");
            problems.throwIfAny();
        }
        PublishedCosts published = published();
        List<FlopsRow> rows = new ArrayList<>();
        PrintWriter out = spec.commandLine().getOut();
        FlopsTables.printHeader(question, out);
        for (SparsityPattern pattern : parsed) {
            out.println();
            rows.addAll(printPattern(question, variants, pattern, published, out));
            if (layers) {
                out.println();
                FlopsTables.printLayers(question, pattern, out);
            }
        }
        csv.ifPresent(file -> CsvFile.replace(FlopsRow.TABLE, file, rows));
        return ExitCode.OK;
    }

    private PublishedCosts published() {
        if (reference.isEmpty() && !Files.exists(PublishedCosts.usualFile())) {
            return PublishedCosts.none();
        }
        return PublishedCosts.read(reference.orElseGet(PublishedCosts::usualFile));
    }

    private List<Variant> variants(List<SparsityPattern> parsed, Problems problems) {
        Map<String, Map<String, JsonNode>> options =
                Assignments.byScope(assignments, null, suite.methods().names(), problems);
        List<Variant> variants = new ArrayList<>();
        List<String> names = methods.isEmpty() ? List.copyOf(suite.methods().names()) : methods;
        for (String name : names) {
            Optional<MethodFactory<?>> method = suite.methods().find(name, "--methods", problems);
            // A method that was not asked for is left out where it cannot train.
            if (!methods.isEmpty()) {
                method.ifPresent(found -> parsed.forEach(
                        pattern -> PatternSupport.check(found, pattern, "--pattern", problems)));
            }
            if (method.isPresent()) {
                Map<String, JsonNode> own = options.getOrDefault(name, Map.of());
                Variant variant = new Variant(name, name, own);
                MethodOptions.read(method.get(), variant.tree(), "--set " + name, problems);
                variants.add(variant);
                if (name.equals(TILE.method())) {
                    variants.add(TILE.over(own));
                }
            }
        }
        return variants;
    }

    private static void requirePositive(String option, Optional<Integer> value, Problems problems) {
        value.filter(number -> number < 1).ifPresent(number -> problems.add(option, number.toString(), "at least 1"));
    }

    private List<FlopsRow> printPattern(
            CostQuestion question,
            List<Variant> variants,
            SparsityPattern pattern,
            PublishedCosts published,
            PrintWriter out) {
        List<MethodCost> runs = new ArrayList<>();
        List<MethodCost> all = new ArrayList<>();
        for (Variant variant : variants) {
            MethodFactory<?> method = suite.methods().get(variant.method(), "--methods");
            if (method.supports(pattern)) {
                MethodCost run = question.answer(method, variant.label(), variant.tree(), pattern);
                runs.add(run);
                all.add(run);
                all.addAll(question.phases(method, variant.label(), variant.tree(), pattern));
            }
        }
        Function<MethodCost, String> figures = cost -> published
                .of(question.network().name(), question.dataSet().name(), cost.pattern(), cost.method())
                .stream()
                .map(PublishedCost::toString)
                .collect(Collectors.joining("; "));
        FlopsTables.printPattern(
                question, pattern, runs, REFERENCE, referenceCost(question, variants, pattern), figures, out);
        out.println();
        FlopsTables.printProducts(all, out);
        return all.stream().map(cost -> row(question, cost, figures.apply(cost))).toList();
    }

    private static FlopsRow row(CostQuestion question, MethodCost cost, String published) {
        return new FlopsRow(
                question.network().name(),
                question.dataSet().name(),
                question.epochs(),
                question.batch(),
                cost.pattern(),
                cost.method(),
                cost.phase(),
                cost.products(),
                cost.cost(),
                cost.forwardMacs(),
                cost.phase().equals(MethodCost.WHOLE_RUN) ? published : "");
    }

    /** Of SR-STE as the user has set it, asked for or not; none if it cannot train by the pattern. */
    private Optional<TrainingCost> referenceCost(
            CostQuestion question, List<Variant> variants, SparsityPattern pattern) {
        if (!suite.methods().names().contains(REFERENCE)) {
            return Optional.empty();
        }
        Variant variant = variants.stream()
                .filter(each -> each.label().equals(REFERENCE))
                .findFirst()
                .orElse(new Variant(REFERENCE, REFERENCE, Map.of()));
        MethodFactory<?> method = suite.methods().get(REFERENCE, "--methods");
        return method.supports(pattern)
                ? Optional.of(question.answer(method, REFERENCE, variant.tree(), pattern).cost())
                : Optional.empty();
    }

    /**
     * A row of the table.
     *
     * @param method name
     * @param label shown
     * @param options over the method's defaults
     */
    private record Variant(String method, String label, Map<String, ?> options) {

        Variant over(Map<String, JsonNode> more) {
            Map<String, Object> merged = new LinkedHashMap<>(more);
            merged.putAll(options);
            return new Variant(method, label, merged);
        }

        ObjectNode tree() {
            ObjectNode tree = JsonNodeFactory.instance.objectNode();
            options.forEach((key, value) -> tree.set(
                    key, value instanceof JsonNode node ? node : JsonNodeFactory.instance.textNode(value.toString())));
            return tree;
        }
    }
}
