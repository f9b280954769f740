package org.bame.harness;

import com.google.inject.AbstractModule;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bame.datasets.CharacterVocabulary;
import org.bame.datasets.DataProvenance;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.Modality;
import org.bame.datasets.TextDataSet;
import org.bame.datasets.TextWindows;
import org.bame.datasets.synthetic.Synthetic10;
import org.bame.datasets.synthetic.SyntheticDifficulty;
import org.bame.flops.WeightedLayer;
import org.bame.harness.networks.CharTransformer;
import org.bame.harness.networks.CifarResNet;
import org.bame.harness.networks.CifarResNet.Shortcut;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.networks.NetworkRequest;
import org.bame.harness.networks.PlannedNetwork;
import org.bame.harness.networks.SwinTransformer;
import org.bame.kernel.FeatureShape;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.WeightShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** Found through {@code META-INF/services}: a network and a data set small enough to train in a test. */
public final class TestExtension extends AbstractModule implements BameExtension {

    /** Training images of the data set {@code tiny}. */
    public static final int TRAIN_IMAGES = 96;

    @Override
    protected void configure() {
        Bindings bindings = new Bindings(binder());
        bindings.addDataSet(new Tiny());
        CifarResNet network = new CifarResNet(1, List.of(4, 8, 16), Shortcut.PARAMETER_FREE);
        bindings.addNetwork(new PlannedNetwork(
                "tiny-net", "for tests", new FeatureShape(3, 32, 32), 10, network::plan));
        // 8 x 8 and 4 x 4 tokens, which windows of 3 do not tile.
        bindings.addNetwork(new SwinTransformer(4, 3, 32, List.of(2, 1), 0)
                .named("tiny-swin", new FeatureShape(3, 32, 32), 10));
        bindings.addNetwork(new CountedNet());
        bindings.addDataSet(new TinyText());
        bindings.addNetwork(new PlannedNetwork(
                "tiny-decoder",
                "for tests",
                new FeatureShape(1, TinyText.LENGTH, 1),
                TinyText.VOCABULARY,
                new CharTransformer(16, 2, 2, 0)::plan));
    }

    /** A network that can be counted, but not trained. */
    private record CountedNet() implements NetworkFactory {
        @Override
        public String name() {
            return "counted-net";
        }

        @Override
        public String describe() {
            return "for tests";
        }

        @Override
        public FeatureShape usualInput() {
            return FeatureShape.vector(4);
        }

        @Override
        public int usualClasses() {
            return 2;
        }

        @Override
        public List<WeightedLayer> weightedLayers(FeatureShape input, int classes) {
            return List.of(new WeightedLayer("all", LayerKind.LINEAR, WeightShape.linear(2, 4), 1));
        }

        @Override
        public long extraMacsPerSample(FeatureShape input, int classes) {
            return 0;
        }

        @Override
        public long parameters(FeatureShape input, int classes) {
            return 8;
        }

        @Override
        public Optional<String> obstacle() {
            return Optional.of("it is there to be counted");
        }

        @Override
        public ComputationGraphConfiguration build(NetworkRequest request) {
            throw new UnsupportedOperationException(obstacle().orElseThrow());
        }
    }

    /**
     * As many windows as {@code tiny} has images. The next character is the one before plus 1 or, once in a while, plus 2.
     */
    private static final class TinyText implements DataSetFactory {
        private static final int LENGTH = 12;
        private static final int VOCABULARY = 7;
        private static final int TEST_CHARACTERS = 155;

        @Override
        public String name() {
            return "tiny-text";
        }

        @Override
        public String describe() {
            return "for tests";
        }

        @Override
        public Modality modality() {
            return Modality.TEXT;
        }

        @Override
        public TextDataSet load(DataRequest request) {
            int train = (TRAIN_IMAGES + 1) * LENGTH + 5;
            Random random = new Random(1);
            int[] characters = new int[train + TEST_CHARACTERS];
            int at = 0;
            for (int i = 0; i < characters.length; i++) {
                at = (at + (random.nextInt(5) == 0 ? 2 : 1)) % VOCABULARY;
                characters[i] = 'a' + at;
            }
            CharacterVocabulary vocabulary = CharacterVocabulary.of(characters);
            char[] ids = vocabulary.encode(characters);
            return new TextDataSet(
                    name(),
                    TextWindows.forTraining(ids, 0, train, LENGTH),
                    TextWindows.forEvaluation(ids, train, ids.length, LENGTH),
                    vocabulary,
                    new DataProvenance("generated", List.of(), List.of()));
        }
    }

    private static final class Tiny implements DataSetFactory {
        @Override
        public String name() {
            return "tiny";
        }

        @Override
        public String describe() {
            return "for tests";
        }

        @Override
        public ImageDataSet load(DataRequest request) {
            ImageDataSet data =
                    new Synthetic10(TRAIN_IMAGES, 40, 1, SyntheticDifficulty.STANDARD).load(request);
            return new ImageDataSet(name(), data.train(), data.test(), data.statistics(), data.provenance());
        }
    }
}
