package org.bame.harness.sweep;

import java.util.List;
import org.bame.harness.config.BuiltInText;
import org.bame.harness.config.YamlText;

/** The sweeps that come with the suite. */
public final class BuiltInSweeps {

    private static final List<String> NAMES = List.of(
            "quickstart",
            "cifar10-resnet32",
            "equal-flops",
            "methods-smoke",
            "methods-cifar10");

    private BuiltInSweeps() {}

    /** Their names. */
    public static List<String> names() {
        return NAMES;
    }

    /** A sweep's YAML. */
    public static String text(String name) {
        return BuiltInText.read(BuiltInSweeps.class, name + ".yaml");
    }

    /** A sweep's one-line description. */
    public static String describe(String name) {
        return YamlText.mapping(text(name), name + ".yaml").path("description").asText("");
    }
}
