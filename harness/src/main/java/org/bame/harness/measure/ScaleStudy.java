package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Measures the points of a plan one after the other. */
public final class ScaleStudy {

    private static final long PROGRESS_TOTAL = 1_000_000;

    private final ScalePlan plan;
    private final Function<ScalePoint, ScaleMeasurement.Figures> process;
    private final ToDoubleFunction<ScalePoint> work;
    private final MeasureObserver observer;

    /**
     * @param plan what to measure
     * @param process measures a point in a process of its own, whose peak of memory is then that point's
     * @param work how long a point is expected to take, in any unit
     * @param observer watches
     */
    public ScaleStudy(
            ScalePlan plan,
            Function<ScalePoint, ScaleMeasurement.Figures> process,
            ToDoubleFunction<ScalePoint> work,
            MeasureObserver observer) {
        this.plan = plan;
        this.process = process;
        this.work = work;
        this.observer = observer;
    }

    /**
     * Measures all points.
     *
     * @param perPoint receives each measurement when it is done
     */
    public List<ScaleMeasurement> run(Consumer<ScaleMeasurement> perPoint) {
        List<ScalePoint> points = plan.points();
        double total = points.stream().mapToDouble(work).sum();
        double done = 0;
        List<ScaleMeasurement> measurements = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            ScalePoint point = points.get(i);
            observer.progress(
                    "point " + (i + 1) + "/" + points.size() + ": " + point,
                    Math.round(PROGRESS_TOTAL * done / total),
                    PROGRESS_TOTAL);
            ScaleMeasurement measurement = new ScaleMeasurement(point, process.apply(point));
            measurements.add(measurement);
            perPoint.accept(measurement);
            done += work.applyAsDouble(point);
        }
        observer.progress(points.size() + " points measured", PROGRESS_TOTAL, PROGRESS_TOTAL);
        return measurements;
    }
}
