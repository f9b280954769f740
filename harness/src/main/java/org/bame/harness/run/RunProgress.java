package org.bame.harness.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bame.method.LayerStatistics;

/**
 * How far a run's training is.
 *
 * @param epoch the epoch under way, from 0; equals the epochs done
 * @param stepInEpoch its steps already taken
 * @param lossSum of these steps
 * @param lastLoss mean loss of the last whole epoch
 * @param lastTop1 test accuracy behind it
 * @param bestTop1 best test accuracy so far
 * @param densityBest density of the sparse layers at that time
 * @param statistics of the sparse layers behind the last whole epoch
 * @param flipRateSums by layer: the flip rates of {@code statistics} summed over the epochs
 */
record RunProgress(
        int epoch,
        int stepInEpoch,
        double lossSum,
        double lastLoss,
        double lastTop1,
        double bestTop1,
        double densityBest,
        List<LayerStatistics> statistics,
        Map<String, Double> flipRateSums) {

    /** Nothing trained yet. */
    static final RunProgress START =
            new RunProgress(0, 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, List.of(), Map.of());

    /** One more step. */
    RunProgress step(double loss) {
        return new RunProgress(
                epoch,
                stepInEpoch + 1,
                lossSum + loss,
                lastLoss,
                lastTop1,
                bestTop1,
                densityBest,
                statistics,
                flipRateSums);
    }

    /** The epoch is over. */
    RunProgress endEpoch(double top1, double density, List<LayerStatistics> layers) {
        // The first epoch is the best so far: its predecessor's accuracy is no number.
        boolean best = !(top1 <= bestTop1);
        Map<String, Double> flips = new HashMap<>(flipRateSums);
        layers.forEach(layer -> flips.merge(layer.layer(), layer.flipRate(), Double::sum));
        return new RunProgress(
                epoch + 1,
                0,
                0,
                lossSum / stepInEpoch,
                top1,
                best ? top1 : bestTop1,
                best ? density : densityBest,
                layers,
                Map.copyOf(flips));
    }

    /** A layer's flip rate, the mean over the whole epochs, where one without a mask update is 0; NaN before the first. */
    double meanFlipRate(String layer) {
        return epoch == 0 ? Double.NaN : flipRateSums.getOrDefault(layer, 0.0) / epoch;
    }
}
