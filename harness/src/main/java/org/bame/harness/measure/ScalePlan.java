package org.bame.harness.measure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bame.sparsity.SparsityPattern;

/**
 * What a scale study measures: one factor is varied at a time about a base point. Batch, width and threads are varied both at
 * the base's pattern and dense, so that the gain of sparsity shows at every scale.
 *
 * @param base point
 * @param batches images of a step
 * @param widths times the channels
 * @param threads of a product
 * @param patterns dense among them for dense training
 */
public record ScalePlan(
        ScalePoint base, List<Integer> batches, List<Integer> widths, List<Integer> threads, List<SparsityPattern> patterns) {

    /** Takes unmodifiable copies. */
    public ScalePlan {
        batches = List.copyOf(batches);
        widths = List.copyOf(widths);
        threads = List.copyOf(threads);
        patterns = List.copyOf(patterns);
    }

    /** Every point once, the base first. */
    public List<ScalePoint> points() {
        Set<ScalePoint> points = new LinkedHashSet<>(List.of(base));
        for (ScalePoint from : List.of(base, base.dense())) {
            batches.forEach(batch -> points.add(
                    new ScalePoint(batch, from.width(), from.threads(), from.pattern())));
            widths.forEach(width -> points.add(
                    new ScalePoint(from.batch(), width, from.threads(), from.pattern())));
            threads.forEach(count -> points.add(
                    new ScalePoint(from.batch(), from.width(), count, from.pattern())));
        }
        patterns.forEach(pattern -> points.add(
                new ScalePoint(base.batch(), base.width(), base.threads(), pattern)));
        return List.copyOf(points);
    }
}
