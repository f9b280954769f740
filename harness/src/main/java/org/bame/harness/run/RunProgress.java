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
 * @param firstLosses of the run's first steps, {@value #FIRST_STEPS} at most
 * @param lastLoss mean loss of the last whole epoch
 * @param lastTop1 test accuracy behind it
 * @param bestTop1 best test accuracy so far
 * @param densityBest density of the sparse layers at that time
 * @param statistics of the sparse layers behind the last whole epoch
 * @param flips by layer, over the whole epochs
 */
record RunProgress(
        int epoch,
        int stepInEpoch,
        double lossSum,
        FirstLosses firstLosses,
        double lastLoss,
        double lastTop1,
        double bestTop1,
        double densityBest,
        List<LayerStatistics> statistics,
        Map<String, FlipTotals> flips) {

    /** Steps whose mean loss {@code runs.csv} gives for comparison with the last epoch's. */
    static final int FIRST_STEPS = 50;

    /** Nothing trained yet. */
    static final RunProgress START =
            new RunProgress(0, 0, 0, FirstLosses.NONE, Double.NaN, Double.NaN, Double.NaN, Double.NaN, List.of(), Map
                    .of());

    /** One more step. */
    RunProgress step(double loss) {
        return new RunProgress(
                epoch,
                stepInEpoch + 1,
                lossSum + loss,
                firstLosses.plus(loss),
                lastLoss,
                lastTop1,
                bestTop1,
                densityBest,
                statistics,
                flips);
    }

    /** The epoch is over. */
    RunProgress endEpoch(double top1, double density, List<LayerStatistics> layers) {
        // The first epoch is the best so far: its predecessor's accuracy is no number.
        boolean best = !(top1 <= bestTop1);
        Map<String, FlipTotals> totals = new HashMap<>(flips);
        layers.forEach(layer -> totals.merge(layer.layer(), FlipTotals.of(layer), FlipTotals::plus));
        return new RunProgress(
                epoch + 1,
                0,
                0,
                firstLosses,
                lossSum / stepInEpoch,
                top1,
                best ? top1 : bestTop1,
                best ? density : densityBest,
                layers,
                Map.copyOf(totals));
    }

    /** A layer's flip rate, the mean over its mask updates in whole epochs, 0 if there were none; NaN before the first epoch. */
    double meanFlipRate(String layer) {
        FlipTotals total = flips.getOrDefault(layer, FlipTotals.NONE);
        if (epoch == 0) {
            return Double.NaN;
        }
        return total.updates() == 0 ? 0 : total.flipRateSum() / total.updates();
    }

    /**
     * Losses of the run's first steps.
     *
     * @param steps of which it is the sum
     * @param sum of their losses
     */
    record FirstLosses(int steps, double sum) {
        private static final FirstLosses NONE = new FirstLosses(0, 0);

        private FirstLosses plus(double loss) {
            return steps == FIRST_STEPS ? this : new FirstLosses(steps + 1, sum + loss);
        }

        /** NaN before the first step. */
        double mean() {
            return sum / steps;
        }
    }

    /**
     * What the mask updates of one layer did.
     *
     * @param updates number of them
     * @param flipRateSum sum of their flip rates
     */
    record FlipTotals(long updates, double flipRateSum) {
        private static final FlipTotals NONE = new FlipTotals(0, 0);

        private static FlipTotals of(LayerStatistics layer) {
            return new FlipTotals(layer.maskUpdates(), layer.maskUpdates() * layer.flipRate());
        }

        private FlipTotals plus(FlipTotals more) {
            return new FlipTotals(updates + more.updates, flipRateSum + more.flipRateSum);
        }
    }
}
