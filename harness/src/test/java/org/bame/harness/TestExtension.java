package org.bame.harness;

import com.google.inject.AbstractModule;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.synthetic.Synthetic10;
import org.bame.datasets.synthetic.SyntheticDifficulty;
import org.bame.flops.WeightedLayer;
import org.bame.harness.networks.CifarResNet;
import org.bame.harness.networks.CifarResNet.Shortcut;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.networks.NetworkRequest;
import org.bame.harness.networks.PlannedNetwork;
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
        bindings.addNetwork(new CountedNet());
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
