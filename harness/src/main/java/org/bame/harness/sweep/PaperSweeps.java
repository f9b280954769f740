package org.bame.harness.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.bame.harness.config.BuiltInText;

/**
 * The sweeps with every row of the BAME paper, and their small twins: all of it, and by data set, so that what is at hand can be
 * trained without the rest. Their text is that of the parts: a description, the parts' workloads, what methods have in
 * common, the parts' further methods.
 */
final class PaperSweeps {

    private static final SequencedMap<String, List<String>> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("paper", List.of("cifar10", "imagenet"));
        PARTS.put("paper-cifar10", List.of("cifar10"));
        PARTS.put("paper-imagenet", List.of("imagenet"));
        PARTS.put("paper-small", List.of("cifar10-small", "imagenette-small"));
        PARTS.put("paper-cifar10-small", List.of("cifar10-small"));
        PARTS.put("paper-imagenette-small", List.of("imagenette-small"));
    }

    private PaperSweeps() {}

    /** Their names. */
    static List<String> names() {
        return List.copyOf(PARTS.keySet());
    }

    /** A sweep's YAML. */
    static String text(String name) {
        return read(name) + "workloads:\n" + ofParts(name, "workloads") + read("methods") + ofParts(name, "methods");
    }

    private static String ofParts(String name, String file) {
        return PARTS.get(name).stream().map(part -> read(part + "/" + file)).collect(Collectors.joining());
    }

    private static String read(String file) {
        return BuiltInText.read(PaperSweeps.class, "paper/" + file + ".yaml");
    }
}
