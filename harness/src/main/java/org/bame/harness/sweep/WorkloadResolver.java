package org.bame.harness.sweep;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageShape;
import org.bame.datasets.Modality;
import org.bame.datasets.pipeline.AugmentationPolicy;
import org.bame.harness.Suite;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.config.RecordBinder;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.recipes.NamedRecipe;
import org.bame.harness.recipes.Recipe;
import org.bame.harness.sweep.SweepFile.WorkloadEntry;

/** Resolves the names of a workload, and finds runs that could not work. */
final class WorkloadResolver {

    private final Suite suite;
    private final Problems problems;
    private final Set<String> names = new HashSet<>();

    WorkloadResolver(Suite suite, Problems problems) {
        this.suite = suite;
        this.problems = problems;
    }

    Optional<Workload> resolve(WorkloadEntry entry, String where) {
        int before = problems.count();
        Optional<DataSetFactory> dataSet = suite.dataSets().find(entry.dataSet(), where + ".dataSet", problems);
        Optional<NetworkFactory> network = suite.networks().find(entry.network(), where + ".network", problems);
        Optional<NamedRecipe> named = suite.recipes().find(entry.recipe(), where + ".recipe", problems);
        network.flatMap(NetworkFactory::obstacle).ifPresent(obstacle -> problems.add(
                where + ".network",
                "'" + entry.network() + "', which cannot be trained: " + obstacle,
                "one of " + trainable()));
        Optional<Recipe> recipe = named.flatMap(found -> new RecordBinder(problems)
                .bind(entry.overrides(), Recipe.class, found.recipe(), where + ".overrides"));
        int bound = problems.count();
        recipe.ifPresent(found -> found.check(where + ".overrides", problems));
        Optional<Recipe> sound = problems.count() > bound ? Optional.empty() : recipe;
        recipe.ifPresent(found -> network.flatMap(trained -> found.withDropPath(trained, where, problems)));
        dataSet.ifPresent(data -> network.ifPresent(read -> checkModality(data, read, where)));
        dataSet.ifPresent(data -> sound.ifPresent(found -> checkRecipe(data, found, where)));
        checkLimit(where + ".trainImages", entry.trainImages(), problems);
        checkLimit(where + ".testImages", entry.testImages(), problems);
        if (problems.count() > before || dataSet.isEmpty()) {
            return Optional.empty();
        }
        Workload workload = new Workload(
                name(entry), entry.dataSet(), entry.network(), recipe.orElseThrow(), entry.trainImages(), entry
                        .testImages());
        if (!names.add(workload.name())) {
            problems.add(
                    where,
                    "a second workload '" + workload.name() + "'",
                    "different workloads",
                    "Give one of them a 'name', or remove it.");
        }
        int checked = problems.count();
        SweepReader.published(workload).ifPresent(shape -> {
            checkSteps(workload, shape, where);
            checkExtent(network.orElseThrow(), shape, where);
        });
        return problems.count() > checked ? Optional.empty() : Optional.of(workload);
    }

    /** Finds what only a method, a pattern and a workload together can do wrong. */
    void check(RunSpec run, String where, Problems into) {
        Optional<DataSetShape> shape = SweepReader.published(run.workload());
        if (shape.isEmpty()) {
            return;
        }
        String patternText = run.patternColumn();
        int trainImages = trainImages(run.workload(), shape.get());
        if (shape.get().fixed() && run.workload().recipe().stepsPerEpoch(trainImages) > 0) {
            for (String problem : run.method().problems(run.context(trainImages))) {
                into.add(where + ".options", problem + " (" + run.method().label() + " at " + patternText + " on "
                        + run.workload().name() + ")");
            }
        }
        NetworkFactory network = suite.networks().get(run.workload().network(), where);
        if (!network.hasSparseLayers(shape.get().image(), shape.get().classes(), run.pattern())) {
            into.add(
                    where + ".patterns",
                    "'" + patternText + "'",
                    PatternText.makingALayerSparse(run.pattern()) + " of some layer of " + run.workload().network(),
                    "./bame flops --network " + run.workload().network() + " --layers shows the layers.");
        }
    }

    private void checkModality(DataSetFactory data, NetworkFactory network, String where) {
        if (network.modality() != data.modality()) {
            problems.add(
                    where + ".network",
                    "'" + network.name() + "', which reads " + network.modality() + ", on '" + data.name()
                            + "', a data set of " + data.modality(),
                    "one that reads " + data.modality() + ": " + names(suite.networks().values().stream()
                            .filter(other -> other.obstacle().isEmpty() && other.modality() == data.modality())),
                    "Or take another data set.");
        }
    }

    /** Keys of a recipe that are about images. */
    private void checkRecipe(DataSetFactory data, Recipe recipe, String where) {
        AugmentationPolicy augmentation = recipe.augmentationPolicy();
        if (data.modality() == Modality.TEXT
                && (!augmentation.equals(AugmentationPolicy.NONE) || recipe.imageSize() != 0)) {
            problems.add(
                    where + ".recipe",
                    "augmentation " + augmentation + " and imageSize " + recipe.imageSize()
                            + " on '" + data.name() + "', a data set of text",
                    "a recipe with augmentation none and imageSize 0, as text-short");
        }
        data.onlyShape().filter(shape -> !fits(recipe.imageSize(), shape)).ifPresent(shape -> problems.add(
                where + ".overrides.imageSize",
                recipe.imageSize() + " on '" + data.name() + "', whose images are " + shape + " and are not scaled",
                "0",
                "Or take a data set of image files."));
    }

    private static boolean fits(int imageSize, ImageShape shape) {
        return imageSize == 0 || shape.equals(new ImageShape(shape.channels(), imageSize, imageSize));
    }

    private void checkSteps(Workload workload, DataSetShape shape, String where) {
        int images = trainImages(workload, shape);
        if (shape.fixed() && workload.recipe().stepsPerEpoch(images) < 1) {
            problems.add(
                    where,
                    "a batch of " + workload.recipe().batch() + " for " + images + " training images",
                    "at least one batch an epoch",
                    "Use a smaller batch or more images.");
        }
    }

    private void checkExtent(NetworkFactory network, DataSetShape shape, String where) {
        try {
            network.weightedLayers(shape.image(), shape.classes());
        } catch (IllegalArgumentException e) {
            problems.add(
                    where,
                    network.name() + " for images of " + shape.image() + ": " + e.getMessage(),
                    "images that the network can take",
                    "The recipe's imageSize scales those of image files.");
        }
    }

    private static int trainImages(Workload workload, DataSetShape shape) {
        return workload.trainImages() == 0
                ? shape.trainImages()
                : Math.min(shape.trainImages(), workload.trainImages());
    }

    private static void checkLimit(String where, int images, Problems problems) {
        if (images < 0) {
            problems.add(where, String.valueOf(images), "0 for all images, or how many");
        }
    }

    private String trainable() {
        return names(suite.networks().values().stream().filter(network -> network.obstacle().isEmpty()));
    }

    private static String names(Stream<NetworkFactory> networks) {
        return networks.map(NetworkFactory::name).collect(Collectors.joining(", "));
    }

    /** Overrides stand in the name, so that figures of unlike workloads are never taken for alike. */
    private static String name(WorkloadEntry entry) {
        if (!entry.name().isBlank()) {
            return entry.name();
        }
        StringBuilder name = new StringBuilder(entry.dataSet() + "/" + entry.network() + "/" + entry.recipe());
        name.append(WorkloadEntry.text(entry.overrides()));
        if (entry.trainImages() > 0) {
            name.append("+trainImages=").append(entry.trainImages());
        }
        if (entry.testImages() > 0) {
            name.append("+testImages=").append(entry.testImages());
        }
        return name.toString();
    }
}
