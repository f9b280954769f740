package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The threaded table of vectors against the scalar twin. */
final class LookupTwinTest {
    private static final long SEED = 9;

    @Test
    void agreesOnAwkwardShapes() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                for (FeatureShape shape : List.of(
                        new FeatureShape(1, 1, 1), new FeatureShape(17, 20, 1), new FeatureShape(64, 3, 4))) {
                    for (BatchLayout batch : List.of(
                            BatchLayout.of(1), BatchLayout.of(16), BatchLayout.of(33), new BatchLayout(65, 48))) {
                        for (int vocabulary : new int[]{1, 7, 300}) {
                            compare(kernels, vocabulary, shape, batch);
                        }
                    }
                }
            }
        }
    }

    private static void compare(Kernels kernels, int vocabulary, FeatureShape shape, BatchLayout batch) {
        String message = shape + " " + batch + " of " + vocabulary;
        LookupKernel kernel = kernels.lookup(vocabulary, shape, batch);
        LookupKernel twin = new ScalarLookup(vocabulary, shape, batch);
        Random random = new Random(SEED);
        Storage ids = ids(vocabulary, shape, batch, random);
        Storage table = floats((long) vocabulary * shape.channels()).random(random, 0, 1).storage();
        GuardedStorage y = floats(batch.elements(shape));
        Storage expectedY = floats(batch.elements(shape)).storage();
        kernel.forward(ids, table, y.storage());
        twin.forward(ids, table, expectedY);
        y.verify(message);
        assertThat(y.storage().segment().mismatch(expectedY.segment())).as("y of " + message).isEqualTo(-1);
        Storage dy = floats(batch.elements(shape)).random(random, 0, 1).storage();
        GuardedStorage dTable = GuardedStorage.misaligned(ElementType.FLOAT, table.size());
        Storage expected = floats(table.size()).storage();
        kernel.backward(ids, dy, dTable.storage());
        twin.backward(ids, dy, expected);
        dTable.verify(message);
        for (long i = 0; i < table.size(); i++) {
            assertThat(dTable.storage().get(i)).as("dTable[%d] of %s", i, message)
                    .isCloseTo(expected.get(i), within(1e-3));
        }
    }

    @Test
    void tokensThatNameARowAddUp() {
        FeatureShape shape = new FeatureShape(2, 2, 1);
        BatchLayout batch = BatchLayout.of(2);
        LookupKernel kernel = new ScalarLookup(3, shape, batch);
        Storage ids = Storage.allocate(ElementType.DOUBLE, batch.elements(new FeatureShape(1, 2, 1)));
        ids.set(0, 2);
        ids.set(16, 2);
        Storage table = Storage.allocate(ElementType.DOUBLE, 6);
        for (int i = 0; i < 6; i++) {
            table.set(i, 10 + i);
        }
        Storage y = Storage.allocate(ElementType.DOUBLE, batch.elements(shape));
        kernel.forward(ids, table, y);
        assertThat(y.get(batch.index(shape, 0, 1, 1, 0))).isEqualTo(15);
        assertThat(y.get(batch.index(shape, 1, 0, 1, 0))).isEqualTo(10);
        Storage dTable = Storage.allocate(ElementType.DOUBLE, 6);
        kernel.backward(ids, y, dTable);
        assertThat(dTable.get(0)).isEqualTo(20);
        assertThat(dTable.get(2)).isZero();
        assertThat(dTable.get(5)).isEqualTo(30);
    }

    @Test
    void threadsChangeNoBit() {
        FeatureShape shape = new FeatureShape(40, 9, 1);
        BatchLayout batch = BatchLayout.of(70);
        Random random = new Random(SEED);
        Storage ids = ids(5, shape, batch, random);
        Storage dy = floats(batch.elements(shape)).random(random, 0, 1).storage();
        Storage expected = null;
        for (int threads = 1; threads <= 4; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                Storage dTable = floats(5 * 40).storage();
                kernels.lookup(5, shape, batch).backward(ids, dy, dTable);
                expected = expected == null ? dTable : expected;
                assertThat(dTable.segment().mismatch(expected.segment())).isEqualTo(-1);
            }
        }
    }

    @Test
    void refusesIdsOutsideTheVocabulary() {
        FeatureShape shape = new FeatureShape(2, 3, 1);
        BatchLayout batch = BatchLayout.of(3);
        Storage table = Storage.allocate(ElementType.FLOAT, 10);
        Storage y = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        try (Kernels kernels = new SimdKernels(2, "test")) {
            for (double wrong : new double[]{-1, 5, 0.5, Double.NaN}) {
                Storage ids = Storage.allocate(ElementType.FLOAT, batch.elements(new FeatureShape(1, 3, 1)));
                ids.set(17, wrong);
                for (LookupKernel kernel : List.of(kernels.lookup(5, shape, batch), new ScalarLookup(5, shape,
                        batch))) {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> kernel.forward(ids, table, y))
                            .withMessageContaining("from 0 to 4");
                    assertThatIllegalArgumentException().isThrownBy(() -> kernel.backward(ids, y, table));
                }
            }
        }
    }

    /** Padding lanes name no row. */
    private static Storage ids(int vocabulary, FeatureShape shape, BatchLayout batch, Random random) {
        FeatureShape idShape = new FeatureShape(1, shape.height(), shape.width());
        Storage ids = Storage.allocate(ElementType.FLOAT, batch.elements(idShape));
        ids.fill(-1);
        for (int image = 0; image < batch.images(); image++) {
            for (int token = 0; token < idShape.pixels(); token++) {
                long at = batch.index(idShape, image, 0, 0, 0) + (long) token * batch.blockWidth();
                ids.set(at, random.nextInt(vocabulary));
            }
        }
        return ids;
    }

    private static GuardedStorage floats(long size) {
        return GuardedStorage.poisoned(ElementType.FLOAT, size);
    }
}
