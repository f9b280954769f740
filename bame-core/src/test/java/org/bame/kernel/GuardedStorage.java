package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.Random;

/** A storage between two guard zones, to catch kernels that write outside it. */
final class GuardedStorage {
    private static final int GUARD = 64;
    private static final int CANARY = 0x5CA1AB1E;

    private final Storage whole;
    private final Storage inner;
    private final int before;

    private GuardedStorage(ElementType type, long size, int before) {
        this.before = before;
        whole = Storage.allocate(type, before + size + GUARD);
        inner = whole.slice(before, size);
        for (long i = 0; i < whole.size() * type.bytes() / Integer.BYTES; i++) {
            whole.segment().setAtIndex(ValueLayout.JAVA_INT, i, CANARY);
        }
        inner.fill(Double.NaN);
    }

    /** Filled with NaN, aligned as storages of our own are. */
    static GuardedStorage poisoned(ElementType type, long size) {
        return new GuardedStorage(type, size, GUARD);
    }

    /** Filled with NaN, aligned to one element only, as parameter arrays of Deeplearning4j are. */
    static GuardedStorage misaligned(ElementType type, long size) {
        return new GuardedStorage(type, size, GUARD + 1);
    }

    /** Filled with normally distributed numbers. */
    GuardedStorage random(Random random, double mean, double deviation) {
        for (long i = 0; i < inner.size(); i++) {
            inner.set(i, mean + deviation * random.nextGaussian());
        }
        return this;
    }

    Storage storage() {
        return inner;
    }

    /** Checks the guard zones, and that no NaN of the poison is left. */
    void verify(String message) {
        int ints = inner.type().bytes() / Integer.BYTES;
        verifyGuard(message + ": guard before", 0, (long) before * ints);
        verifyGuard(message + ": guard after", (before + inner.size()) * ints, whole.size() * ints);
        for (long i = 0; i < inner.size(); i++) {
            if (!Double.isFinite(inner.get(i))) {
                assertThat(inner.get(i)).as("%s: element %d", message, i).isFinite();
            }
        }
    }

    private void verifyGuard(String message, long from, long end) {
        for (long i = from; i < end; i++) {
            assertThat(whole.segment().getAtIndex(ValueLayout.JAVA_INT, i)).as(message).isEqualTo(CANARY);
        }
    }
}
