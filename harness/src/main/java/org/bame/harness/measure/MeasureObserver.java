package org.bame.harness.measure;

/** Watches a benchmark. */
public interface MeasureObserver {

    /**
     * Something has been done.
     *
     * @param what is at work
     * @param done units of work behind; units take roughly equally long
     * @param total units of work in all
     */
    void progress(String what, long done, long total);

    /** Something worth telling, such as a pattern that does not fit a shape. */
    void note(String text);
}
