package org.bame.harness.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.bame.flops.Account;
import org.bame.flops.FlopsAccount;
import org.bame.flops.LayerCosts;
import org.bame.flops.TrainingCost;
import org.bame.harness.results.EpochRow;
import org.bame.harness.results.LayerRow;
import org.bame.harness.results.LayerRow.ProductCost;
import org.bame.harness.results.MaskRow;
import org.bame.harness.results.RunKey;
import org.bame.harness.results.RunRow;
import org.bame.harness.results.RunStatus;
import org.bame.kernel.Product;
import org.bame.layer.LayerReport;
import org.bame.method.Adaptation;
import org.bame.method.LayerStatistics;

/**
 * Makes a run's rows from its state.
 *
 * @param environmentId machine and build
 * @param key of the run
 * @param account of the network at the run's pattern
 * @param costs of the method, as far as the run has come
 * @param cycles of the method: ratios are over one of dense training
 * @param totalSteps of the run
 * @param stepsPerEpoch of the run
 * @param batch images of a step
 */
record RunRows(
        String environmentId,
        RunKey key,
        FlopsAccount account,
        Supplier<LayerCosts> costs,
        int cycles,
        long totalSteps,
        int stepsPerEpoch,
        int batch) {

    private static final String DENSE = "dense";
    private static final double NANOS = 1e9;
    private static final double FLOPS_PER_MAC = 2;

    /** Of the epoch that has just ended; the progress stands at the beginning of the next. */
    EpochRow epoch(RunState state, List<LayerReport> layers, double learningRate) {
        RunProgress progress = state.progress();
        return new EpochRow(
                environmentId,
                key,
                progress.epoch(),
                progress.lastLoss(),
                progress.lastTop1(),
                state.measures().clocks().training(),
                paperFlops((long) progress.epoch() * stepsPerEpoch),
                mean(progress.statistics(), layers, LayerStatistics::flipRate),
                mean(progress.statistics(), layers, LayerStatistics::frozenShare),
                learningRate);
    }

    List<MaskRow> masks(List<Adaptation> adaptations) {
        return adaptations.stream()
                .map(adaptation -> new MaskRow(environmentId, key, adaptation))
                .toList();
    }

    /** Of the run's end. */
    RunRow run(RunState state, List<LayerReport> layers, RunStatus status) {
        RunProgress progress = state.progress();
        RunMeasures measures = state.measures();
        TrainingCost cost = account.cost(costs.get(), totalSteps).times(cycles);
        long steps = (long) progress.epoch() * stepsPerEpoch + progress.stepInEpoch();
        boolean finished = status == RunStatus.FINISHED;
        return new RunRow(
                environmentId,
                key,
                finished ? progress.lastTop1() : Double.NaN,
                progress.bestTop1(),
                progress.firstLosses().mean(),
                finished ? progress.lastLoss() : Double.NaN,
                progress.stepInEpoch() == 0 ? progress.epoch() : progress.epoch() + 1,
                paperFlops(steps),
                cost.paper(),
                cycles * ExecutedMacs.ratio(measures.meters(), layers),
                cost.nmHardware(),
                cost.test(),
                measures.clocks(),
                measures.processCpuNanos() == 0 ? Double.NaN : measures.processCpuNanos() / NANOS,
                steps * batch / measures.clocks().training(),
                measures.peakMemoryBytes(),
                density(progress.statistics(), layers),
                progress.densityBest(),
                status);
    }

    /** Of each layer at the run's end. */
    List<LayerRow> layers(RunState state, List<LayerReport> reports) {
        Map<String, LayerStatistics> statistics = new HashMap<>();
        state.progress().statistics().forEach(layer -> statistics.put(layer.layer(), layer));
        List<LayerRow> rows = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            LayerReport report = reports.get(i);
            LayerTotals totals = state.measures().meters().get(i);
            LayerStatistics known = statistics.get(report.name());
            rows.add(new LayerRow(
                    environmentId,
                    key,
                    report.name(),
                    report.kind(),
                    report.shape().weights().toString(),
                    key.pattern().equals(DENSE) ? "the run is dense" : report.reason(),
                    known == null ? 1 : known.density(),
                    known == null ? Double.NaN : state.progress().meanFlipRate(report.name()),
                    known == null ? Double.NaN : known.frozenShare(),
                    known == null ? Double.NaN : known.everActiveShare(),
                    cost(report, totals, Product.FORWARD),
                    cost(report, totals, Product.INPUT_GRADIENT),
                    cost(report, totals, Product.WEIGHT_GRADIENT)));
        }
        return rows;
    }

    /** Kept share of the sparse layers' weights, 1 without sparse layers. */
    static double density(List<LayerStatistics> statistics, List<LayerReport> layers) {
        double mean = mean(statistics, layers, LayerStatistics::density);
        return Double.isNaN(mean) ? 1 : mean;
    }

    private double paperFlops(long steps) {
        return FLOPS_PER_MAC * batch * account.trainMacsPerSample(costs.get(), Account.PAPER, 0, steps);
    }

    private static ProductCost cost(LayerReport report, LayerTotals totals, Product product) {
        LayerTotals.Totals total = totals.product(product);
        String mode = total.simulated() ? "simulated" : "executed";
        double dense = (double) totals.images() * report.shape().macsPerSample();
        boolean ran = total.calls() > 0;
        return new ProductCost(
                total.nanos() / NANOS, total.macs(), ran ? total.macs() / dense : Double.NaN, ran ? mode : "");
    }

    /** Mean over the sparse layers, each with the weight of its size; NaN without sparse layers. */
    private static double mean(
            List<LayerStatistics> statistics, List<LayerReport> layers, ToDoubleFunction<LayerStatistics> value) {
        Map<String, Integer> sizes = new HashMap<>();
        layers.forEach(layer -> sizes.put(layer.name(), layer.shape().weights().size()));
        double sum = 0;
        double weights = 0;
        for (LayerStatistics layer : statistics) {
            int size = sizes.get(layer.layer());
            sum += size * value.applyAsDouble(layer);
            weights += size;
        }
        return weights == 0 ? Double.NaN : sum / weights;
    }
}
