package org.bame.harness.sweep;

import java.util.ArrayList;
import java.util.List;
import org.bame.harness.config.BuiltInText;
import org.bame.harness.config.YamlText;

/**
 * The sweeps that come with the suite. An ablation of BAME is a question, {@code bame-ablation-kappa}, in two sizes,
 * {@code -small} and {@code -full}, which have the workloads: its text is that of a file of each.
 */
public final class BuiltInSweeps {

    private static final String ABLATION = "bame-ablation-";

    private static final List<String> QUESTIONS = List.of(
            "parts",
            "initial-length",
            "initial-kind",
            "interval",
            "freezing",
            "budget",
            "prune-score",
            "kappa",
            "swaps",
            "revived-value",
            "block-size",
            "transpose",
            "seeds");

    private static final List<String> NAMES = names(
            List.of("quickstart", "cifar10-resnet32", "equal-flops", "methods-smoke", "methods-cifar10"));

    private BuiltInSweeps() {}

    private static List<String> names(List<String> single) {
        List<String> names = new ArrayList<>(single);
        names.addAll(PaperSweeps.names());
        for (String question : QUESTIONS) {
            names.add(ABLATION + question + "-small");
            names.add(ABLATION + question + "-full");
        }
        return List.copyOf(names);
    }

    /** Their names. */
    public static List<String> names() {
        return NAMES;
    }

    /** A sweep's YAML. */
    public static String text(String name) {
        if (PaperSweeps.names().contains(name)) {
            return PaperSweeps.text(name);
        }
        if (!name.startsWith(ABLATION)) {
            return BuiltInText.read(BuiltInSweeps.class, name + ".yaml");
        }
        int size = name.lastIndexOf('-');
        return ablation(name.substring(ABLATION.length(), size)) + ablation(name.substring(size + 1));
    }

    private static String ablation(String file) {
        return BuiltInText.read(BuiltInSweeps.class, "bame-ablation/" + file + ".yaml");
    }

    /** A sweep's one-line description. */
    public static String describe(String name) {
        return YamlText.mapping(text(name), name + ".yaml").path("description").asText("");
    }
}
