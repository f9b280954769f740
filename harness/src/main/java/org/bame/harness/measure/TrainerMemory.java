package org.bame.harness.measure;

import org.bame.harness.environment.MemoryProbe;

/**
 * Estimates what a process would need that trains one variant alone, though all variants live in this one: what was resident
 * before the first of them, and by how much the variant's first steps raised the peak.
 */
final class TrainerMemory {

    private static final int CHUNK_BYTES = 1 << 20;

    private final long baseBytes;
    /** Keeps the compiler from leaving the allocation out. */
    private volatile byte[] chunk = new byte[0];

    private TrainerMemory() {
        // A collector touches its young generation bit by bit; without this the first variant would be charged for it.
        long chunks = Runtime.getRuntime().totalMemory() / CHUNK_BYTES;
        for (long i = 0; i < chunks; i++) {
            chunk = new byte[CHUNK_BYTES];
        }
        chunk = new byte[0];
        this.baseBytes = residentBytes();
    }

    /** Begins before anything is made. */
    static TrainerMemory begin() {
        return new TrainerMemory();
    }

    /** Makes something and takes its first steps. */
    long peakBytes(Runnable firstSteps) {
        long before = residentBytes();
        firstSteps.run();
        return baseBytes + Math.max(0, MemoryProbe.peakBytes() - before);
    }

    private static long residentBytes() {
        MemoryProbe.resetPeak();
        return MemoryProbe.peakBytes();
    }
}
