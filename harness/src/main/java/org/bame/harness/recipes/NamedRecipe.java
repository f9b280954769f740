package org.bame.harness.recipes;

/**
 * A recipe that users can name.
 *
 * @param name as in {@code cifar10-short}
 * @param describe one line
 * @param recipe the recipe
 */
public record NamedRecipe(String name, String describe, Recipe recipe) {}
