package org.bame.harness;

import com.google.inject.AbstractModule;
import java.util.List;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.synthetic.Synthetic10;
import org.bame.datasets.synthetic.SyntheticDifficulty;
import org.bame.harness.networks.CifarResNet;
import org.bame.harness.networks.CifarResNet.Shortcut;
import org.bame.harness.networks.PlannedNetwork;
import org.bame.kernel.FeatureShape;

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
