package org.bame.method;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** What a training method does to one layer: the hooks of {@link TrainingMethod}, a layer at a time. */
public interface LayerMethod {
    /** See {@link TrainingMethod#plan}. */
    ProductPlan plan(Step step);

    /** See {@link TrainingMethod#promise}. */
    default PlanPromise promise(Step step) {
        return PlanPromise.EXACT;
    }

    /** See {@link TrainingMethod#transformGradients}. */
    default void transformGradient(Step step) {}

    /** See {@link TrainingMethod#afterUpdate}. */
    default void afterUpdate(Step step) {}

    /** See {@link TrainingMethod#statistics}. */
    LayerStatistics drainStatistics();

    /** See {@link TrainingMethod#drainAdaptations}; oldest first. */
    default List<Adaptation> drainAdaptations() {
        return List.of();
    }

    /** Writes what {@link #restore} reads. */
    void save(DataOutput out) throws IOException;

    /** Restores what {@link #save} wrote, on a layer of the same shape. */
    void restore(DataInput in) throws IOException;
}
