package org.bame.harness.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bame.datasets.pipeline.Augmentation;
import org.bame.datasets.pipeline.AugmentationPolicy;
import org.bame.harness.config.ConfigurationException;
import org.bame.method.Optimizer;
import org.junit.jupiter.api.Test;

class BuiltInRecipesTest {

    /** As every file was before there was a choice. */
    private static final String SGD =
            """
            epochs: 10
            batch: 128
            learningRate: 0.1
            schedule: cosine
            warmupEpochs: 1
            finalLearningRate: 0
            momentum: 0.9
            nesterov: true
            weightDecay: 5.0e-4
            decayOn: weights
            labelSmoothing: 0
            augmentation: none
            evaluationBatch: 128
            """;

    @Test
    void allAreSound() {
        assertThat(BuiltInRecipes.all()).isNotEmpty().allSatisfy(recipe -> {
            assertThat(recipe.describe()).isNotBlank();
            assertThat(recipe.recipe().epochs()).isPositive();
        });
    }

    @Test
    void imagenetIsTheSpecificationsRecipe() {
        Recipe recipe = recipe("imagenet");

        assertThat(recipe.epochs()).isEqualTo(120);
        assertThat(recipe.batch()).isEqualTo(256);
        assertThat(recipe.weightDecay()).isEqualTo(1e-4);
        assertThat(recipe.labelSmoothing()).isEqualTo(0.1);
        assertThat(recipe.totalSteps(1_281_167)).isEqualTo(600_480);
        assertThat(recipe.augmentation()).isEqualTo(Augmentation.RANDOM_RESIZED_CROP_FLIP);
        assertThat(recipe.imageSize()).isZero();
    }

    /** methods.md 1.4, column DeiT-small; 5e-4 times 1024 / 512. */
    @Test
    void deitIsThePublishedRecipe() {
        Recipe recipe = recipe("deit-imagenet");

        assertThat(recipe.epochs()).isEqualTo(300);
        assertThat(recipe.batch()).isEqualTo(1024);
        assertThat(recipe.learningRate()).isEqualTo(5e-4 * 1024 / 512);
        assertThat(recipe.warmupEpochs()).isEqualTo(5);
        assertThat(recipe.warmupLearningRate()).isEqualTo(1e-6);
        assertThat(recipe.finalLearningRate()).isEqualTo(1e-5);
        assertThat(recipe.optimizer()).isEqualTo(new Optimizer.AdamW(0.9, 0.999, 1e-8));
        assertThat(recipe.weightDecay()).isEqualTo(0.05);
        assertThat(recipe.decayOn()).isEqualTo(Recipe.DecayOn.WEIGHTS);
        assertThat(recipe.labelSmoothing()).isEqualTo(0.1);
        assertThat(recipe.dropPath()).isEqualTo(0.1);
        assertThat(recipe.augmentationPolicy()).isEqualTo(
                new AugmentationPolicy(Augmentation.RANDOM_RESIZED_CROP_FLIP, 3, 9, 0, 0.25, 0.8, 1));
    }

    @Test
    void srSteLightsImages() {
        assertThat(recipe("imagenet-sr-ste").augmentationPolicy()).isEqualTo(
                new AugmentationPolicy(Augmentation.RANDOM_RESIZED_CROP_FLIP, 1, 0, 0.1, 0, 0, 0));
    }

    @Test
    void tellsEveryMistakeAboutAugmentationAtOnce() {
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", SGD + """
                repeatedAugmentation: 129
                randAugment: 11
                lighting: -0.1
                randomErasing: 1.5
                mixup: 5
                cutmix: -1
                """))
                .hasMessageContaining("repeatedAugmentation: got 129, expected a number from 1 to 128")
                .hasMessageContaining("randAugment: got 11, expected a number from 0 to 10")
                .hasMessageContaining("lighting: got -0.1, expected a number from 0 to 10")
                .hasMessageContaining("randomErasing: got 1.5, expected a number from 0 to 1")
                .hasMessageContaining("mixup: got 5, expected a number from 0 to 4")
                .hasMessageContaining("cutmix: got -1, expected a number from 0 to 4");
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", SGD + "randAugmet: 9\n"))
                .hasMessageContaining("unknown key 'randAugmet'").hasMessageContaining("Did you mean 'randAugment'?");
    }

    @Test
    void refusesAugmentationThatDoesNothing() {
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", SGD + "repeatedAugmentation: 3\nmixup: 0.8\n"))
                .hasMessageContaining(
                        "repeatedAugmentation: got 3 equal images, expected 1, or something that makes them"
                                + " different: augmentation, randAugment, lighting or randomErasing");
        assertThat(BuiltInRecipes.parse("good", SGD + "repeatedAugmentation: 3\nrandomErasing: 0.1\n").recipe()
                .repeatedAugmentation()).isEqualTo(3);
        String single = SGD.replace("batch: 128", "batch: 1");
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", single + "cutmix: 1\n"))
                .hasMessageContaining("cutmix: got images mixed in a batch of 1, expected a batch of 2 or more");
    }

    /** Liu et al. 2021, A2.1, and the defaults of its code; rates times 1024 / 512. */
    @Test
    void swinIsThePublishedRecipe() {
        Recipe recipe = recipe("swin-imagenet");

        assertThat(recipe.epochs()).isEqualTo(300);
        assertThat(recipe.batch()).isEqualTo(1024);
        assertThat(recipe.learningRate()).isEqualTo(5e-4 * 1024 / 512);
        assertThat(recipe.warmupEpochs()).isEqualTo(20);
        assertThat(recipe.warmupLearningRate()).isEqualTo(5e-7 * 1024 / 512);
        assertThat(recipe.finalLearningRate()).isEqualTo(5e-6 * 1024 / 512);
        assertThat(recipe.optimizer()).isEqualTo(new Optimizer.AdamW(0.9, 0.999, 1e-8));
        assertThat(recipe.weightDecay()).isEqualTo(0.05);
        assertThat(recipe.decayOn()).isEqualTo(Recipe.DecayOn.WEIGHTS);
        assertThat(recipe.clipNorm()).isEqualTo(5);
        assertThat(recipe.labelSmoothing()).isEqualTo(0.1);
        assertThat(recipe.dropPath()).isEqualTo(0.2);
    }

    @Test
    void filesWithoutTheLaterKeysMeanWhatTheyMeant() {
        Recipe recipe = BuiltInRecipes.parse("old", SGD).recipe();

        assertThat(recipe.optimizer()).isEqualTo(new Optimizer.Sgd(0.9, true));
        assertThat(recipe.warmupLearningRate()).isZero();
        assertThat(recipe.clipNorm()).isZero();
        assertThat(recipe.emaDecay()).isZero();
        assertThat(recipe.dropPath()).isZero();
        assertThat(recipe.augmentationPolicy()).isEqualTo(AugmentationPolicy.NONE);
        assertThat(recipe.imageSize()).isZero();
    }

    @Test
    void tellsEveryMistakeAboutTheOptimizerAtOnce() {
        assertThatThrownBy(() -> BuiltInRecipes.parse(
                "bad", SGD.replace("momentum: 0.9", "optimizer: adamW\nbeta2: x") + "clipnorm: 1\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown key 'clipnorm'")
                .hasMessageContaining("Did you mean 'clipNorm'?")
                .hasMessageContaining("beta2: got 'x', expected a number")
                .hasMessageContaining(
                        "nesterov: got a key of optimizer sgd, expected keys of optimizer adamW: beta1, beta2,"
                                + " epsilon. Add optimizer: sgd, or leave the key out");
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", SGD + "optimizer: adam\nemaDecay: x\n"))
                .hasMessageContaining("optimizer: got 'adam', expected one of sgd, adamW")
                .hasMessageContaining("emaDecay: got 'x'");
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", SGD.replace("momentum: 0.9\n", "")))
                .hasMessageContaining("no key 'momentum'");
    }

    @Test
    void rangesAreThoseOfTheChosenOptimizer() {
        String adam = SGD.replace("momentum: 0.9\nnesterov: true\n", "optimizer: adamW\n");
        assertThat(BuiltInRecipes.parse("adam", adam).recipe().optimizer()).isEqualTo(new Optimizer.AdamW());
        assertThatThrownBy(() -> BuiltInRecipes.parse(
                "bad", adam
                        + "beta1: 1\nbeta2: -0.1\nepsilon: 0\nclipNorm: -1\nemaDecay: 1\nwarmupLearningRate: 0.2\n"))
                .hasMessageContaining("beta1: got 1, expected a number from 0 to 0.999999")
                .hasMessageContaining("beta2: got -0.1")
                .hasMessageContaining("epsilon: got 0")
                .hasMessageContaining("clipNorm: got -1")
                .hasMessageContaining("emaDecay: got 1,")
                .hasMessageContaining("warmupLearningRate: got 0.2, expected a number from 0 to 0.1");
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", SGD.replace("momentum: 0.9", "momentum: 0")))
                .hasMessageContaining("nesterov: got true with momentum 0");
    }

    private static Recipe recipe(String name) {
        return BuiltInRecipes.all().stream()
                .filter(named -> named.name().equals(name))
                .findFirst()
                .orElseThrow()
                .recipe();
    }

    @Test
    void refusesAFileWithMistakes() {
        assertThatThrownBy(() -> BuiltInRecipes.parse("bad", "epochs: 10\nbatch: none\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bad.yaml: batch: got 'none'")
                .hasMessageContaining("no key 'learningRate'");
    }
}
