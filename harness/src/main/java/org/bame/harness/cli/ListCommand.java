package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bame.harness.Suite;
import org.bame.harness.config.Catalog;
import org.bame.harness.config.PatternSupport;
import org.bame.harness.config.Problems;
import org.bame.harness.config.Variants;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.sweep.BuiltInSweeps;
import org.bame.method.Key;
import org.bame.method.MethodFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what users can name. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "Lists methods, networks, data sets, recipes or sweeps.",
        footer = {
            "", "Examples:", "  ./bame list methods", "  ./bame list methods --options",
            "  ./bame list methods bame --options", "  ./bame list networks"})
final class ListCommand implements Callable<Integer> {

    private static final double MEGA = 1e6;
    private static final String METHODS = "methods";

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KIND",
            description = "methods, networks, data-sets, recipes or sweeps")
    private Optional<String> kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "With methods: only this one.")
    private Optional<String> name;

    @Option(
            names = "--options",
            description = "With methods and recipes: show every option, its default, what it means and what the default rests"
                    + " on.")
    private boolean options;

    @Inject
    ListCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Runnable> kinds = new TreeMap<>();
        kinds.put(METHODS, () -> methods(out));
        kinds.put("networks", () -> networks(out));
        kinds.put("data-sets", () -> dataSets(out));
        kinds.put("recipes", () -> recipes(out));
        kinds.put("sweeps", () -> sweeps(out));
        if (kind.isEmpty()) {
            out.println("What can be listed: " + String.join(", ", kinds.keySet()));
            out.println("For example: ./bame list methods");
            return ExitCode.OK;
        }
        Problems problems = new Problems();
        Optional<Runnable> list = new Catalog<>("kind", kinds).find(kind.get(), "list", problems);
        if (list.isPresent() && name.isPresent() && !kind.get().equals(METHODS)) {
            problems.add("list " + kind.get(), "the name '" + name.get() + "'",
                    "none: only of methods one can be listed");
        }
        problems.throwIfAny();
        list.orElseThrow().run();
        return ExitCode.OK;
    }

    private void methods(PrintWriter out) {
        Collection<MethodFactory<?>> methods = name.isPresent()
                ? List.of(suite.methods().get(name.get(), "list methods"))
                : suite.methods().values();
        for (MethodFactory<?> method : methods) {
            out.println(method.name() + ": " + method.summary());
            out.println("    " + method.reference());
            out.println("    patterns such as "
                    + PatternSupport.examples(method).stream().map(Object::toString).collect(Collectors.joining(", ")));
            if (options) {
                if (method.defaults().getClass().getRecordComponents().length == 0) {
                    out.println("      no options");
                }
                printOptions(method.defaults(), out);
            }
        }
        if (!options) {
            out.println();
            out.println(
                    "./bame list methods --options shows the options; bame-core/README.md and baselines/README.md explain"
                            + " them.");
        }
    }

    private static void printOptions(Record defaults, PrintWriter out) {
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                Object value = component.getAccessor().invoke(defaults);
                Key key = component.getAnnotation(Key.class);
                String status = key == null ? "" : ", " + key.status().name().toLowerCase(Locale.ROOT);
                if (Variants.areOf(component.getType())) {
                    out.println("      " + component.getName() + ": " + Variants.name(value.getClass()) + status
                            + "  (one of " + String.join(", ", Variants.names(component.getType())) + ")");
                    printOptions((Record) value, out);
                } else {
                    out.println("      " + component.getName() + ": " + value + status + choices(component.getType()));
                }
                if (key != null) {
                    out.println("          " + key.value());
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Cannot read " + component, e);
            }
        }
    }

    private static String choices(Class<?> type) {
        if (!type.isEnum()) {
            return "";
        }
        StringJoiner names = new StringJoiner(", ", "  (one of ", ")");
        for (Object constant : type.getEnumConstants()) {
            names.add(constant.toString());
        }
        return names.toString();
    }

    private void networks(PrintWriter out) {
        Map<String, String> obstacles = new TreeMap<>();
        TextTable table = new TextTable(3, List.of("network", "what", "trainable", "MMACs", "parameters"));
        for (NetworkFactory network : suite.networks().values()) {
            double macs = network.extraMacsPerSample(network.usualInput(), network.usualClasses())
                    + network.weightedLayers(network.usualInput(), network.usualClasses()).stream()
                            .mapToLong(layer -> layer.macsPerSample())
                            .sum();
            Optional<String> obstacle = network.obstacle();
            obstacle.ifPresent(reason -> obstacles.merge(reason, network.name(), (names, name) -> names + ", " + name));
            table.add(List.of(
                    network.name(),
                    network.describe(),
                    obstacle.isPresent() ? "no, counted only" : "yes",
                    Text.fixed(macs / MEGA, 1),
                    Text.fixed(network.parameters(network.usualInput(), network.usualClasses()), 0)));
        }
        table.print(out);
        obstacles.forEach((reason, names) -> out.println("Cannot be trained yet: " + names + ": " + reason));
    }

    private void dataSets(PrintWriter out) {
        suite.dataSets().values().forEach(data -> out.println(data.name() + ": " + data.describe()));
        out.println();
        out.println("./bame data shows which are here.");
    }

    private void recipes(PrintWriter out) {
        suite.recipes().values().forEach(recipe -> {
            out.println(recipe.name() + ": " + recipe.describe());
            if (options) {
                printOptions(recipe.recipe(), out);
            }
        });
    }

    private void sweeps(PrintWriter out) {
        BuiltInSweeps.names().forEach(name -> out.println(name + ": " + BuiltInSweeps.describe(name)));
        out.println();
        out.println("./bame sweep NAME_OR_FILE runs one; ./bame sweep NAME --print shows its file.");
    }
}
