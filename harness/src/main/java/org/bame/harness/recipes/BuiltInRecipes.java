package org.bame.harness.recipes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.bame.harness.config.BuiltInText;
import org.bame.harness.config.Problems;
import org.bame.harness.config.RecordBinder;
import org.bame.harness.config.YamlText;

/** The recipes that come with the suite: one YAML file each, beside this class. */
public final class BuiltInRecipes {

    private static final List<String> NAMES =
            List.of(
                    "quick", "cifar10-short", "cifar10", "cifar10-deit-short", "imagenette-short", "imagenet",
                    "imagenet-sr-ste", "deit-imagenet", "swin-imagenet", "text-short");

    private BuiltInRecipes() {}

    /** All of them. */
    public static List<NamedRecipe> all() {
        return NAMES.stream().map(BuiltInRecipes::read).toList();
    }

    private static NamedRecipe read(String name) {
        String file = name + ".yaml";
        return parse(name, BuiltInText.read(BuiltInRecipes.class, file));
    }

    /** A recipe's file: a {@code description} and the keys of {@link Recipe}; only neutral ones may be left out. */
    static NamedRecipe parse(String name, String text) {
        String file = name + ".yaml";
        ObjectNode tree = YamlText.mapping(text, file);
        String description = tree.path("description").asText("");
        tree.remove("description");
        Recipe.neutralKeys().properties().forEach(key -> tree.putIfAbsent(key.getKey(), key.getValue()));
        Problems problems = new Problems();
        Optional<Recipe> recipe = new RecordBinder(problems).bind(tree, Recipe.class, null, file);
        recipe.ifPresent(read -> read.check(file, problems));
        problems.throwIfAny();
        return new NamedRecipe(name, description, recipe.orElseThrow());
    }
}
