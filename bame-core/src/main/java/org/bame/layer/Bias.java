package org.bame.layer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ElementType;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Storage;

/** The bias of a product layer: one number a channel. Sums run in a fixed order, in double precision. */
final class Bias {
    private Bias() {}

    /** out = out + bias, padding included. */
    static void add(Storage bias, BlockArray out) {
        FeatureShape shape = out.extents().shape();
        int width = out.extents().batch().blockWidth();
        long rows = (long) out.extents().batch().blocks() * shape.pixels() * shape.channels();
        for (long row = 0; row < rows; row++) {
            double value = bias.get(row % shape.channels());
            addToRow(out.storage(), row * width, width, value);
        }
    }

    /** gradient = sum of dy over images and pixels. */
    static void gradient(BlockArray dy, Storage gradient) {
        FeatureShape shape = dy.extents().shape();
        BatchLayout batch = dy.extents().batch();
        for (int channel = 0; channel < shape.channels(); channel++) {
            double sum = 0;
            for (int block = 0; block < batch.blocks(); block++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    long row = ((long) block * shape.pixels() + pixel) * shape.channels() + channel;
                    sum += rowSum(dy.storage(), row * batch.blockWidth(), batch.imagesIn(block));
                }
            }
            gradient.set(channel, sum);
        }
    }

    private static void addToRow(Storage storage, long from, int count, double value) {
        MemorySegment memory = storage.segment();
        if (storage.type() == ElementType.FLOAT) {
            float addend = (float) value;
            for (long i = from; i < from + count; i++) {
                memory.setAtIndex(
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        i,
                        memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i) + addend);
            }
        } else {
            for (long i = from; i < from + count; i++) {
                storage.set(i, storage.get(i) + value);
            }
        }
    }

    private static double rowSum(Storage storage, long from, int count) {
        double sum = 0;
        for (long i = from; i < from + count; i++) {
            sum += storage.get(i);
        }
        return sum;
    }
}
