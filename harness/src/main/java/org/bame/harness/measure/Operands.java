package org.bame.harness.measure;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ElementType;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.bame.kernel.Storage;

/**
 * The numbers that a shape's kernels read, uniform in [-1, 1), and room for what they write. All variants of a shape share
 * them.
 *
 * @param batch layout of the activations
 * @param weights W
 * @param x input
 * @param dy gradient of the output
 * @param y output
 * @param dx gradient of the input
 * @param dw gradient of the weights
 */
record Operands(
        BatchLayout batch, Storage weights, Storage x, Storage dy, Storage y, Storage dx, Storage dw) {

    static Operands random(KernelShape shape, long seed, Arena arena) {
        BatchLayout batch = BatchLayout.of(shape.batch());
        FeatureShape input = shape.shape().input();
        FeatureShape output = shape.shape().output();
        int weightCount = shape.shape().weights().size();
        SplittableRandom random = new SplittableRandom(seed);
        Storage weights = allocate(arena, weightCount);
        for (int i = 0; i < weightCount; i++) {
            weights.set(i, random.nextDouble(-1, 1));
        }
        return new Operands(
                batch,
                weights,
                activations(batch, input, random, arena),
                activations(batch, output, random, arena),
                allocate(arena, batch.elements(output)),
                allocate(arena, batch.elements(input)),
                allocate(arena, weightCount));
    }

    /** What a product writes. */
    Storage result(Product product) {
        return switch (product) {
            case FORWARD -> y;
            case INPUT_GRADIENT -> dx;
            case WEIGHT_GRADIENT -> dw;
        };
    }

    /** Padding lanes stay 0, which the weight gradient relies on. */
    private static Storage activations(BatchLayout batch, FeatureShape shape, SplittableRandom random, Arena arena) {
        Storage storage = allocate(arena, batch.elements(shape));
        long perBlock = (long) shape.elementsPerImage() * batch.blockWidth();
        for (int block = 0; block < batch.blocks(); block++) {
            int images = batch.imagesIn(block);
            for (long i = 0; i < perBlock; i++) {
                if (i % batch.blockWidth() < images) {
                    storage.set(block * perBlock + i, random.nextDouble(-1, 1));
                }
            }
        }
        return storage;
    }

    private static Storage allocate(Arena arena, long size) {
        return Storage.allocate(arena, ElementType.FLOAT, size);
    }
}
