package org.bame.harness;

import java.util.List;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.cifar.Cifar;
import org.bame.datasets.cifar.CifarFormat;
import org.bame.datasets.folder.ImageNet;
import org.bame.datasets.folder.Imagenette;
import org.bame.datasets.synthetic.Synthetic10;
import org.bame.datasets.text.Text;

/** The data sets that come with the suite. */
final class BuiltInDataSets {

    private BuiltInDataSets() {}

    static List<DataSetFactory> all() {
        return List.of(
                new Synthetic10(), new Cifar(CifarFormat.CIFAR10), new Cifar(CifarFormat.CIFAR100), new Imagenette(),
                new ImageNet(), new Text());
    }
}
