package org.bame.kernel;

/**
 * Gives each helper of a pool a processor of its own, the caller's excepted, where the pool has as many threads as there are
 * processors: no processor is then left to move to. Left alone, the system may wake a helper on the caller's processor,
 * one waiting for the other while a processor is idle, for seconds (Linux does on virtual machines, where an idle processor
 * looks like one that its host has taken away). The caller is the user's thread and is not touched: helpers step
 * aside when it has moved. With fewer threads than processors, or on systems other than Linux, all is left to the system.
 */
final class HelperPlacement {
    /** System property: {@code false} leaves all threads to the system. */
    static final String PROPERTY = "bame.bindThreads";

    private final int[] processors;
    private final int[] helpers;
    private boolean active;
    private int caller = Processors.UNKNOWN;

    /** @param helpers how many; the constructing thread tells which processors there are */
    HelperPlacement(int helpers) {
        this.helpers = new int[helpers];
        this.processors = Processors.allowed(Processors.thread());
        this.active = helpers > 0 && helpers + 1 == processors.length
                && !"false".equals(System.getProperty(PROPERTY));
    }

    /** To be called once by each helper, before the first {@link #stepAside}. */
    void register(int helper) {
        helpers[helper] = Processors.thread();
    }

    /** Moves the helpers off the calling thread's processor. Cheap if they are. */
    void stepAside() {
        if (!active) {
            return;
        }
        int current = Processors.current();
        if (current == caller) {
            return;
        }
        caller = current;
        int next = 0;
        for (int helper : helpers) {
            if (processors[next] == current) {
                next++;
            }
            if (next == processors.length || !Processors.bind(helper, processors[next++])) {
                // The allowed processors have changed: they are the system's business.
                active = false;
                return;
            }
        }
    }

    /** Whether helpers are bound. */
    boolean active() {
        return active;
    }
}
