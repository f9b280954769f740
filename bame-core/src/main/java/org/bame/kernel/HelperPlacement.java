package org.bame.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Keeps the helpers of a pool off the caller's processor. Left alone, the system may wake a helper there, one waiting for the
 * other while a processor is idle, and leave it so for seconds (Linux does on virtual machines, where an idle processor
 * looks like one that its host has taken away). A helper that was last seen on the caller's processor may use
 * all others but that for the time of one job; between jobs it may use all, so that the system balances it against other
 * threads as ever: the helpers were bound for good once, and starved beside the threads of Java's compiler. The caller is the
 * user's thread and is not touched. On systems other than Linux nothing is done.
 */
class HelperPlacement {
    /** System property: anything but {@code true} leaves all to the system. */
    static final String PROPERTY = "bame.placeThreads";

    private final int[] processors;
    /** All processors, and by processor all others. */
    private final MemorySegment all;
    private final MemorySegment[] others;
    private final int[] helpers;
    /** Where each helper began its last job. */
    private final AtomicIntegerArray seen;
    private final boolean[] kept;
    private boolean anyKept;
    private boolean active;

    /** @param helpers how many; the constructing thread tells which processors there are */
    HelperPlacement(int helpers) {
        this.helpers = new int[helpers];
        this.kept = new boolean[helpers];
        this.seen = new AtomicIntegerArray(helpers);
        this.processors = Processors.allowed(Processors.thread());
        this.all = Processors.set(processors);
        this.others = Arrays.stream(processors)
                .mapToObj(one -> Processors.set(Arrays.stream(processors).filter(p -> p != one).toArray()))
                .toArray(MemorySegment[]::new);
        this.active = helpers > 0 && processors.length > 1
                && Boolean.parseBoolean(System.getProperty(PROPERTY, "true"));
        for (int i = 0; i < helpers; i++) {
            seen.set(i, Processors.UNKNOWN);
        }
    }

    /** To be called once by each helper, before the first job. */
    void register(int helper) {
        helpers[helper] = Processors.thread();
    }

    /** Called by a helper that begins a job. */
    void begins(int helper) {
        if (active) {
            seen.setRelease(helper, Processors.current());
        }
    }

    /** Called by the caller before the helpers hear of a job; allocates nothing. */
    void beforeJob() {
        if (!active) {
            return;
        }
        int caller = Processors.current();
        for (int i = 0; i < helpers.length; i++) {
            if (seen.getAcquire(i) == caller) {
                keepOff(i, caller);
            }
        }
    }

    private void keepOff(int helper, int caller) {
        int index = Arrays.binarySearch(processors, caller);
        if (index < 0 || !Processors.bind(helpers[helper], others[index])) {
            // The allowed processors have changed: they are the system's business.
            active = false;
            return;
        }
        kept[helper] = true;
        anyKept = true;
    }

    /** Called by the caller when the helpers have done a job. */
    void afterJob() {
        if (!anyKept) {
            return;
        }
        for (int i = 0; i < helpers.length; i++) {
            if (kept[i]) {
                kept[i] = false;
                Processors.bind(helpers[i], all);
            }
        }
        anyKept = false;
    }

    /** Whether helpers are placed. */
    boolean active() {
        return active;
    }
}
