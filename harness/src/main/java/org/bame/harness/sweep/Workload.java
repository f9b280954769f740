package org.bame.harness.sweep;

import org.bame.harness.recipes.Recipe;

/**
 * What is trained.
 *
 * @param name data set/network/recipe, with overrides behind, or what the sweep file calls it
 * @param dataSet name
 * @param network name
 * @param recipe resolved
 * @param trainImages only so many training images; 0 for all
 * @param testImages only so many test images; 0 for all
 */
public record Workload(
        String name, String dataSet, String network, Recipe recipe, int trainImages, int testImages) {}
