package org.bame.kernel;

import java.util.Arrays;

/** The table of vectors as plain loops: the reference. */
final class ScalarLookup implements LookupKernel {
    private final int vocabulary;
    private final FeatureShape output;
    private final FeatureShape idShape;
    private final BatchLayout batch;
    private final double[] sums;

    ScalarLookup(int vocabulary, FeatureShape output, BatchLayout batch) {
        this.vocabulary = vocabulary;
        this.output = output;
        this.idShape = new FeatureShape(1, output.height(), output.width());
        this.batch = batch;
        this.sums = new double[Math.multiplyExact(vocabulary, output.channels())];
    }

    @Override
    public void forward(Storage ids, Storage table, Storage y) {
        check(ids, "table", table, "y", y);
        y.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int row = 0; row < output.height(); row++) {
                for (int column = 0; column < output.width(); column++) {
                    int first = firstNumber(ids, image, row, column);
                    for (int feature = 0; feature < output.channels(); feature++) {
                        y.set(batch.index(output, image, feature, row, column), table.get(first + feature));
                    }
                }
            }
        }
    }

    @Override
    public void backward(Storage ids, Storage dy, Storage dTable) {
        check(ids, "dTable", dTable, "dy", dy);
        Arrays.fill(sums, 0);
        for (int image = 0; image < batch.images(); image++) {
            for (int row = 0; row < output.height(); row++) {
                for (int column = 0; column < output.width(); column++) {
                    int first = firstNumber(ids, image, row, column);
                    for (int feature = 0; feature < output.channels(); feature++) {
                        sums[first + feature] += dy.get(batch.index(output, image, feature, row, column));
                    }
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            dTable.set(i, sums[i]);
        }
    }

    private int firstNumber(Storage ids, int image, int row, int column) {
        double id = ids.get(batch.index(idShape, image, 0, row, column));
        return Checks.row(id, vocabulary) * output.channels();
    }

    private void check(Storage ids, String tableName, Storage table, String vectorsName, Storage vectors) {
        ElementType type = Checks.type("ids", ids);
        Checks.activations("ids", ids, type, batch, idShape);
        Checks.storage(tableName, table, type, sums.length);
        Checks.activations(vectorsName, vectors, type, batch, output);
    }
}
