package org.bame.datasets.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Arrays;
import org.bame.datasets.DataRequest;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.SourceFile;
import org.bame.datasets.Verdict;
import org.junit.jupiter.api.Test;

final class Synthetic10Test {

    private static final DataRequest NO_FILES = DataRequest.offline(Path.of("/does/not/exist"));
    private static final ImageDataSet DATA = new Synthetic10().load(NO_FILES);

    @Test
    void hasTheSizesItSaysAndBalancedClasses() {
        assertThat(DATA.train().size()).isEqualTo(4_000);
        assertThat(DATA.test().size()).isEqualTo(1_000);
        assertThat(DATA.shape().toString()).isEqualTo("3x32x32");
        int[] perClass = new int[10];
        for (int image = 0; image < 100; image++) {
            perClass[DATA.train().label(image)]++;
        }
        assertThat(perClass).containsOnly(10);
        assertThat(DATA.provenance().files()).extracting(SourceFile::verdict).containsOnly(Verdict.GENERATED);
    }

    /** Published figures rest on these bytes: a change of the generator must be deliberate. */
    @Test
    void theBytesAreTheSameOnEveryMachine() {
        assertThat(DATA.provenance().files()).extracting(SourceFile::sha256).containsExactly(
                "ef955fdd8603b3af819643eefc1d8cef7f9493a397a141e75842b4ee2592814c",
                "e11b10b6ef84bf241e3f42f8f6046e6bd25f09319d37803b35f527461f8293ff");
    }

    @Test
    void aSmallerSetIsTheBeginningOfALargerOne() {
        LabelledImages small = generate(30, 10, SyntheticDifficulty.STANDARD).train();

        for (int image = 0; image < 30; image++) {
            assertThat(pixels(small, image)).isEqualTo(pixels(DATA.train(), image));
        }
    }

    @Test
    void seedAndPartChangeThePictures() {
        assertThat(pixels(generate(1, 11, SyntheticDifficulty.STANDARD).train(), 0))
                .isNotEqualTo(pixels(DATA.train(), 0));
        assertThat(pixels(DATA.test(), 0)).isNotEqualTo(pixels(DATA.train(), 0));
    }

    @Test
    void noTwoImagesAreEqual() {
        long distinct = 0;
        byte[][] images = new byte[1_000][];
        for (int image = 0; image < images.length; image++) {
            images[image] = pixels(DATA.test(), image);
        }
        Arrays.sort(images, Arrays::compare);
        for (int image = 1; image < images.length; image++) {
            distinct += Arrays.equals(images[image - 1], images[image]) ? 0 : 1;
        }
        assertThat(distinct).isEqualTo(999);
    }

    /** If the mean picture of a class told it apart, one linear layer would do and nothing could be compared. */
    @Test
    void theNearestClassMeanIsNoBetterThanGuessing() {
        int size = DATA.shape().size();
        double[][] means = new double[10][size];
        for (int index = 0; index < 4_000; index++) {
            byte[] image = pixels(DATA.train(), index);
            for (int at = 0; at < size; at++) {
                means[DATA.train().label(index)][at] += Byte.toUnsignedInt(image[at]) / 400.0;
            }
        }
        int right = 0;
        for (int index = 0; index < 1_000; index++) {
            byte[] image = pixels(DATA.test(), index);
            right += nearest(means, image) == DATA.test().label(index) ? 1 : 0;
        }
        assertThat(right).isLessThan(200);
    }

    @Test
    void difficultyChangesThePicturesAsItSays() {
        SyntheticDifficulty plain = new SyntheticDifficulty(50, 50, 0, 0, 0, 8, 8);
        InMemoryImages clean = (InMemoryImages) generate(10, 10, plain).train();
        LabelledImages noisy = generate(10, 10, new SyntheticDifficulty(50, 50, 0, 0, 10, 8, 8)).train();

        // Outside a disc of radius 8 that lies wholly inside, three of the four corners are plain background.
        assertThat(clean.pixel(0, 0, 0, 0)).isEqualTo(clean.pixel(0, 0, 0, 1));
        double squares = 0;
        int count = 10 * DATA.shape().size();
        for (int image = 0; image < 10; image++) {
            byte[] with = pixels(noisy, image);
            byte[] without = pixels(clean, image);
            for (int at = 0; at < with.length; at++) {
                double difference = Byte.toUnsignedInt(with[at]) - Byte.toUnsignedInt(without[at]);
                squares += difference * difference;
            }
        }
        assertThat(Math.sqrt(squares / count)).isBetween(9.5, 10.5);
        assertThatIllegalArgumentException().isThrownBy(() -> new SyntheticDifficulty(50, 40, 0, 0, 0, 8, 8))
                .withMessageContaining("contrast");
        assertThatIllegalArgumentException().isThrownBy(() -> new SyntheticDifficulty(50, 50, 0, 0, -1, 8, 8))
                .withMessageContaining("noise=-1");
    }

    private static int nearest(double[][] means, byte[] image) {
        int best = -1;
        double least = Double.MAX_VALUE;
        for (int label = 0; label < means.length; label++) {
            double squares = 0;
            for (int at = 0; at < image.length; at++) {
                double difference = Byte.toUnsignedInt(image[at]) - means[label][at];
                squares += difference * difference;
            }
            if (squares < least) {
                least = squares;
                best = label;
            }
        }
        return best;
    }

    private static ImageDataSet generate(int trainSize, long seed, SyntheticDifficulty difficulty) {
        return new Synthetic10(trainSize, 10, seed, difficulty).load(NO_FILES);
    }

    private static byte[] pixels(LabelledImages images, int image) {
        byte[] pixels = new byte[images.shape().size()];
        ((InMemoryImages) images).copyImage(image, pixels, 0);
        return pixels;
    }
}
