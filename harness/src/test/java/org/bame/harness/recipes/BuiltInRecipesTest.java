package org.bame.harness.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bame.harness.config.ConfigurationException;
import org.junit.jupiter.api.Test;

class BuiltInRecipesTest {

    @Test
    void allAreSound() {
        assertThat(BuiltInRecipes.all()).hasSize(5).allSatisfy(recipe -> {
            assertThat(recipe.describe()).isNotBlank();
            assertThat(recipe.recipe().epochs()).isPositive();
        });
    }

    @Test
    void imagenetIsTheSpecificationsRecipe() {
        Recipe recipe = BuiltInRecipes.all().stream()
                .filter(named -> named.name().equals("imagenet"))
                .findFirst()
                .orElseThrow()
                .recipe();

        assertThat(recipe.epochs()).isEqualTo(120);
        assertThat(recipe.batch()).isEqualTo(256);
        assertThat(recipe.weightDecay()).isEqualTo(1e-4);
        assertThat(recipe.labelSmoothing()).isEqualTo(0.1);
        assertThat(recipe.totalSteps(1_281_167)).isEqualTo(600_480);
    }

    @Test
    void refusesAFileWithMistakes() {
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", "epochs: 10\nbatch: none\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bad.yaml: batch: got 'none'")
                .hasMessageContaining("no key 'learningRate'");
    }
}
