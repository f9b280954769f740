package org.bame.datasets.synthetic;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bame.datasets.CounterRandom;
import org.bame.datasets.CounterRandom.Purpose;
import org.bame.datasets.DataProvenance;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.ImageShape;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.SourceFile;
import org.bame.datasets.Verdict;
import org.bame.datasets.files.Digests;

/**
 * {@code synthetic10}: ten classes of 3x32x32 images, computed rather than read, for quick starts and tests without any
 * files. A class is the conjunction of one of five textures and one of two colour axes in a disc over clutter,
 * distractors and noise; a linear classifier on pixels stays near chance, a small convolutional network does not.
 * Classes take turns, so the first {@code n} images of either part are balanced. The bytes depend only on the seed, the
 * {@link SyntheticDifficulty} and an image's index: they are the same on every machine, and a smaller set is the
 * beginning of a larger one.
 */
public final class Synthetic10 implements DataSetFactory {

    /** The name users type. */
    public static final String NAME = "synthetic10";
    /** Training images unless another number is asked for. */
    public static final int DEFAULT_TRAIN_SIZE = 4_000;
    /** Test images unless another number is asked for. */
    public static final int DEFAULT_TEST_SIZE = 1_000;
    /** The seed of the data itself, which has nothing to do with a run's seed. */
    public static final long DEFAULT_SEED = 10;

    private final int trainSize;
    private final int testSize;
    private final long seed;
    private final SyntheticDifficulty difficulty;

    /** The set that published figures use. */
    public Synthetic10() {
        this(DEFAULT_TRAIN_SIZE, DEFAULT_TEST_SIZE, DEFAULT_SEED, SyntheticDifficulty.STANDARD);
    }

    /**
     * A set of another size or difficulty.
     *
     * @param trainSize training images, at least 1
     * @param testSize test images, at least 1
     * @param seed the seed of the data
     * @param difficulty how hard the images are to tell apart
     */
    public Synthetic10(int trainSize, int testSize, long seed, SyntheticDifficulty difficulty) {
        if (trainSize < 1 || testSize < 1) {
            throw new IllegalArgumentException("A synthetic data set needs at least 1 image in each part, got "
                    + trainSize + " for training and " + testSize + " for testing.");
        }
        this.trainSize = trainSize;
        this.testSize = testSize;
        this.seed = seed;
        this.difficulty = Objects.requireNonNull(difficulty, "difficulty");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return "%,d + %,d generated images of 10 classes, 3x32x32: textures by colour axes over clutter; needs no files"
                .formatted(trainSize, testSize);
    }

    /** Generates the set in memory; the request's folder and download permission play no part. */
    @Override
    public Optional<ImageShape> onlyShape() {
        return Optional.of(SyntheticPainter.SHAPE);
    }

    @Override
    public ImageDataSet load(DataRequest request) {
        byte[] trainPixels = paint(trainSize, Purpose.GENERATED_TRAIN);
        byte[] testPixels = paint(testSize, Purpose.GENERATED_TEST);
        DataProvenance provenance = new DataProvenance(
                "synthetic10, %,d + %,d generated images, seed %d".formatted(trainSize, testSize, seed),
                List.of(new SourceFile("train pixels", Digests.sha256(trainPixels), Verdict.GENERATED),
                        new SourceFile("test pixels", Digests.sha256(testPixels), Verdict.GENERATED)),
                List.of());
        return ImageDataSet.of(NAME, labelled(trainPixels), labelled(testPixels), provenance);
    }

    private byte[] paint(int size, Purpose purpose) {
        ImageShape shape = SyntheticPainter.SHAPE;
        byte[] pixels = new byte[Math.multiplyExact(size, shape.size())];
        SyntheticPainter painter = new SyntheticPainter(difficulty);
        for (int image = 0; image < size; image++) {
            RandomDraws draws = new RandomDraws(CounterRandom.key(seed, purpose, image));
            painter.paint(image % SyntheticPainter.CLASSES, draws, pixels, image * shape.size());
        }
        return pixels;
    }

    private static InMemoryImages labelled(byte[] pixels) {
        byte[] labels = new byte[pixels.length / SyntheticPainter.SHAPE.size()];
        for (int image = 0; image < labels.length; image++) {
            labels[image] = (byte) (image % SyntheticPainter.CLASSES);
        }
        return InMemoryImages.adopt(SyntheticPainter.SHAPE, SyntheticPainter.CLASSES, pixels, labels);
    }
}
