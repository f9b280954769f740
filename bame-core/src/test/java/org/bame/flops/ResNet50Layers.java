package org.bame.flops;

import java.util.ArrayList;
import java.util.List;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.WeightShape;

/** The weighted layers of ResNet-50 v1.5 (stride on the 3x3 convolution) at 224 x 224. */
final class ResNet50Layers {
    private static final int[] BLOCKS = {3, 4, 6, 3};

    private ResNet50Layers() {}

    static List<WeightedLayer> all() {
        List<WeightedLayer> layers = new ArrayList<>();
        layers.add(layer(LayerKind.STEM, 3, 7, 64, 112));
        int inputs = 64;
        int size = 56;
        for (int stage = 0; stage < 4; stage++) {
            int width = 64 << stage;
            for (int block = 0; block < BLOCKS[stage]; block++) {
                int outputSize = stage > 0 && block == 0 ? size / 2 : size;
                layers.add(layer(LayerKind.CONV1X1, inputs, 1, width, size));
                layers.add(layer(LayerKind.CONV3X3, width, 3, width, outputSize));
                layers.add(layer(LayerKind.CONV1X1, width, 1, 4 * width, outputSize));
                if (block == 0) {
                    layers.add(layer(LayerKind.DOWNSAMPLE, inputs, 1, 4 * width, outputSize));
                }
                inputs = 4 * width;
                size = outputSize;
            }
        }
        layers.add(layer(LayerKind.CLASSIFIER, inputs, 1, 1000, 1));
        return layers;
    }

    private static WeightedLayer layer(LayerKind kind, int inputs, int kernel, int outputs, int size) {
        return new WeightedLayer(
                kind.columnName(), kind, new WeightShape(outputs, kernel, kernel, inputs), (long) size * size);
    }
}
