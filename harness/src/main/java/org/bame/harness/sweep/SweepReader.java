package org.bame.harness.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.bame.harness.Suite;
import org.bame.harness.config.MethodOptions;
import org.bame.harness.config.NearestName;
import org.bame.harness.config.PatternSupport;
import org.bame.harness.config.Problems;
import org.bame.harness.config.RecordBinder;
import org.bame.harness.config.YamlText;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.results.RunKey;
import org.bame.harness.sweep.SweepFile.MethodEntry;
import org.bame.harness.sweep.SweepFile.WorkloadEntry;
import org.bame.method.MethodFactory;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/** Turns a sweep file into runs. Reads all of it before it complains, so that every mistake is told at once. */
public final class SweepReader {

    private final Suite suite;

    /** @param suite what names may stand for */
    public SweepReader(Suite suite) {
        this.suite = suite;
    }

    /**
     * Reads a sweep.
     *
     * @param file its name, for messages; without its ending it is the sweep's name
     * @param text YAML
     * @param changes from the command line
     * @throws org.bame.harness.config.ConfigurationException with every mistake
     */
    public Sweep read(String file, String text, SweepChanges changes) {
        return read(file, text, changes, new Problems());
    }

    /** The same; mistakes found before, elsewhere on the command line, are told with those of the file. */
    public Sweep read(String file, String text, SweepChanges changes, Problems problems) {
        Optional<ObjectNode> tree = YamlText.mapping(text, file, problems);
        if (tree.isEmpty()) {
            problems.throwIfAny();
        }
        return read(file, tree.orElseThrow(), changes, problems);
    }

    /** The same from what the YAML would say. */
    public Sweep read(String file, ObjectNode given, SweepChanges changes, Problems problems) {
        ObjectNode tree = given.deepCopy();
        changes.apply(tree, problems);
        completeEntries(tree);
        Optional<SweepFile> bound = new RecordBinder(problems).bind(tree, SweepFile.class, SweepFile.DEFAULTS, file);
        List<RunSpec> runs = bound.map(sweep -> runs(file, sweep, problems)).orElse(List.of());
        if (bound.isEmpty()) {
            checkEntries(file, tree, problems);
        }
        problems.throwIfAny();
        String name = file.replaceAll(".*[/\\\\]", "").replaceAll("\\.ya?ml$", "");
        return new Sweep(name, bound.orElseThrow().description(), runs);
    }

    /** A method may be given by its name alone, and most keys of an entry may be left out. */
    private static void completeEntries(ObjectNode tree) {
        if (tree.path("methods") instanceof ArrayNode methods) {
            for (int i = 0; i < methods.size(); i++) {
                if (methods.get(i).isTextual()) {
                    methods.set(i, JsonNodeFactory.instance.objectNode().set("method", methods.get(i)));
                }
                setMissing(methods.get(i), "variant", JsonNodeFactory.instance.textNode(""));
                setMissing(methods.get(i), "options", SweepFile.nothing());
                setMissing(methods.get(i), "patterns", JsonNodeFactory.instance.arrayNode());
                setMissing(methods.get(i), "networks", JsonNodeFactory.instance.arrayNode());
                setMissing(methods.get(i), "overrides", SweepFile.nothing());
            }
        }
        if (tree.path("workloads") instanceof ArrayNode workloads) {
            for (JsonNode workload : workloads) {
                setMissing(workload, "name", JsonNodeFactory.instance.textNode(""));
                setMissing(workload, "overrides", SweepFile.nothing());
                setMissing(workload, "trainImages", JsonNodeFactory.instance.numberNode(0));
                setMissing(workload, "testImages", JsonNodeFactory.instance.numberNode(0));
            }
        }
    }

    private static void setMissing(JsonNode entry, String key, JsonNode value) {
        if (entry instanceof ObjectNode mapping && !mapping.has(key)) {
            mapping.set(key, value);
        }
    }

    /** Of a file whose form is wrong somewhere: what is wrong with the entries whose own form is right. */
    private void checkEntries(String file, ObjectNode tree, Problems problems) {
        WorkloadResolver resolver = new WorkloadResolver(suite, problems);
        forEachSound(tree.path("workloads"), WorkloadEntry.class, file + ": workloads", resolver::resolve);
        forEachSound(tree.path("methods"), MethodEntry.class, file + ": methods", (entry, where) -> suite.methods()
                .find(entry.method(), where + ".method", problems)
                .ifPresent(factory -> choice(factory, entry, where + ".options", problems)));
    }

    /** Visits the entries of a list that can be read, each with its name. */
    private static <T extends Record> void forEachSound(
            JsonNode list, Class<T> type, String where, BiConsumer<T, String> visitor) {
        for (int i = 0; list.isArray() && i < list.size(); i++) {
            String entry = where + "[" + i + "]";
            // Its mistakes of form have been noted with the file's.
            new RecordBinder(new Problems()).bind(list.get(i), type, null, entry)
                    .ifPresent(sound -> visitor.accept(sound, entry));
        }
    }

    private List<RunSpec> runs(String file, SweepFile sweep, Problems problems) {
        requireSome(file + ": workloads", sweep.workloads(), problems);
        requireSome(file + ": methods", sweep.methods(), problems);
        requireSome(file + ": seeds", sweep.seeds(), problems);
        WorkloadResolver resolver = new WorkloadResolver(suite, problems);
        Map<WorkloadEntry, Optional<Workload>> resolved = new HashMap<>();
        for (int i = 0; i < sweep.workloads().size(); i++) {
            WorkloadEntry entry = sweep.workloads().get(i);
            resolved.put(entry, resolver.resolve(entry, file + ": workloads[" + i + "]"));
        }
        Set<RunKey> keys = new HashSet<>();
        List<RunSpec> ordered = new ArrayList<>();
        for (int i = 0; i < sweep.methods().size(); i++) {
            String where = file + ": methods[" + i + "]";
            MethodEntry entry = sweep.methods().get(i);
            Optional<MethodFactory<?>> factory = suite.methods().find(entry.method(), where + ".method", problems);
            Optional<MethodChoice<?>> choice =
                    factory.flatMap(found -> choice(found, entry, where + ".options", problems));
            if (choice.isEmpty()) {
                continue;
            }
            if (!entry.overrides().isObject()) {
                problems.add(
                        where + ".overrides",
                        entry.overrides().toString(),
                        "a mapping of recipe keys, as in overrides: {learningRate: 0.01}");
                continue;
            }
            List<Workload> trained = workloads(sweep, entry, where, problems).stream()
                    .map(workload -> workload.with(entry.overrides()))
                    .flatMap(workload -> resolved.computeIfAbsent(workload, asked -> resolver.resolve(asked, where))
                            .stream())
                    .toList();
            for (RunSpec run : runs(trained, choice.get(), patterns(choice.get(), entry, sweep, where, problems),
                    sweep)) {
                resolver.check(run, where, problems);
                if (!keys.add(unnamed(run.key()))) {
                    problems.add(
                            where,
                            run.method().label() + " at " + run.patternColumn() + ", seed " + run.seed()
                                    + " a second time",
                            "each run once",
                            "Give one of the entries a 'variant', or remove it.");
                } else {
                    ordered.add(run);
                }
            }
        }
        return ordered;
    }

    /** What a method trains: all workloads, or those of the networks that its entry names. */
    private static List<WorkloadEntry> workloads(
            SweepFile sweep, MethodEntry entry, String where, Problems problems) {
        if (entry.networks().isEmpty()) {
            return sweep.workloads();
        }
        Set<String> known = sweep.workloads().stream()
                .map(WorkloadEntry::network)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        entry.networks().stream().filter(name -> !known.contains(name)).forEach(name -> problems.add(
                where + ".networks",
                "'" + name + "', which no workload of this sweep trains",
                "one of " + String.join(", ", known),
                NearestName.hint(name, known)));
        return sweep.workloads().stream()
                .filter(workload -> entry.networks().contains(workload.network()))
                .toList();
    }

    /** What tells runs apart for a reader, who does not see the configuration behind the run's name. */
    private static RunKey unnamed(RunKey key) {
        return new RunKey(
                "", key.workload(), key.dataSet(), key.network(), key.method(), key.pattern(), key.seed());
    }

    private static List<SparsityPattern> patterns(
            MethodChoice<?> choice, MethodEntry entry, SweepFile sweep, String where, Problems problems) {
        if (choice.ignoresPattern()) {
            return List.of(NmPattern.DENSE);
        }
        List<SparsityPattern> patterns = entry.patterns().isEmpty() ? sweep.patterns() : entry.patterns();
        if (patterns.isEmpty()) {
            problems.add(
                    where + ".patterns",
                    "none for " + choice.label(),
                    "at least one, as in 1:4, for the method or for the whole sweep");
        }
        return patterns.stream()
                .filter(pattern -> PatternSupport.check(choice.factory(), pattern, where + ".patterns", problems))
                .toList();
    }

    private static List<RunSpec> runs(
            List<Workload> workloads, MethodChoice<?> method, List<SparsityPattern> patterns, SweepFile sweep) {
        List<RunSpec> runs = new ArrayList<>();
        for (Workload workload : workloads) {
            for (SparsityPattern pattern : patterns) {
                for (long seed : sweep.seeds()) {
                    String runId = RunIds.of(workload, method, pattern, seed);
                    runs.add(new RunSpec(runId, workload, method, pattern, seed));
                }
            }
        }
        return runs;
    }

    private static <C extends Record> Optional<MethodChoice<?>> choice(
            MethodFactory<C> factory, MethodEntry entry, String where, Problems problems) {
        if (!entry.variant().matches("[A-Za-z0-9.-]*")) {
            problems.add(where, "variant '" + entry.variant() + "'", "letters, digits, '.' and '-'");
        }
        return MethodOptions.read(factory, entry.options(), where, problems)
                .map(options -> new MethodChoice<>(factory, entry.variant(), options));
    }

    private static void requireSome(String where, List<?> list, Problems problems) {
        if (list.isEmpty()) {
            problems.add(where, "none", "at least one");
        }
    }

    /** Data sets whose extents are published can be checked before they are loaded. */
    static Optional<DataSetShape> published(Workload workload) {
        return DataSetShape.find(workload.dataSet()).map(shape -> shape.at(workload.recipe().imageSize()));
    }
}
