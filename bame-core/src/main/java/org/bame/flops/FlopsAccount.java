package org.bame.flops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bame.sparsity.NmPattern;

/**
 * Multiply-accumulates of training and inference of one network under one pattern (methods.md 3). Counted are the products
 * with weights, and other products such as attention scores at their dense cost; normalisation, activations and mask work
 * are not. A dense training sample costs three forward products.
 */
public final class FlopsAccount {
    private final List<WeightedLayer> sparsified = new ArrayList<>();
    private final long denseMacs;
    private final long sparsifiedMacs;

    /**
     * An account.
     *
     * @param layers every layer with weights; {@link WeightedLayer#sparsifiability} decides which are sparse
     * @param extraMacsPerSample forward multiply-accumulates of products without weights, which no method makes sparse
     */
    public FlopsAccount(List<WeightedLayer> layers, NmPattern pattern, long extraMacsPerSample) {
        long dense = extraMacsPerSample;
        long sparse = 0;
        for (WeightedLayer layer : layers) {
            if (layer.sparsifiability(pattern).sparse()) {
                sparsified.add(layer);
                sparse += layer.macsPerSample();
            } else {
                dense += layer.macsPerSample();
            }
        }
        if (dense + sparse == 0) {
            throw new IllegalArgumentException("A network without multiply-accumulates, expected at least one layer");
        }
        this.denseMacs = dense;
        this.sparsifiedMacs = sparse;
    }

    /** Multiply-accumulates of the dense forward product of one sample. */
    public long forwardMacsPerSample() {
        return denseMacs + sparsifiedMacs;
    }

    /** Of these, the part in layers that are made sparse. */
    public long sparsifiedMacsPerSample() {
        return sparsifiedMacs;
    }

    /** Inference cost relative to the dense network: {@code s} of the papers. */
    public double testRatio(CostModel costs) {
        double macs = denseMacs;
        for (Map.Entry<CostModel, Long> alike : macsByCosts(costs).entrySet()) {
            macs += alike.getValue() * alike.getKey().deployedDensity();
        }
        return macs / forwardMacsPerSample();
    }

    /**
     * Multiply-accumulates of training on one sample a step, summed over steps {@code [fromStep, toStep)}. Times the batch
     * size it is a run's cost; times 2 it is FLOPs.
     */
    public double trainMacsPerSample(CostModel costs, Account account, long fromStep, long toStep) {
        double macs = 3.0 * denseMacs * (toStep - fromStep);
        for (Map.Entry<CostModel, Long> alike : macsByCosts(costs).entrySet()) {
            double sum = 0;
            for (long step = fromStep; step < toStep; step++) {
                sum += alike.getKey().at(account, step).sum();
            }
            macs += alike.getValue() * sum;
        }
        return macs;
    }

    /** Forward multiply-accumulates of the sparsified layers, those that cost alike together. */
    private Map<CostModel, Long> macsByCosts(CostModel costs) {
        Map<CostModel, Long> macs = new LinkedHashMap<>();
        for (WeightedLayer layer : sparsified) {
            macs.merge(costs.on(layer), layer.macsPerSample(), Long::sum);
        }
        return macs;
    }

    /** Training cost of a whole run relative to dense training: the exact mean over its steps. */
    public double trainRatio(CostModel costs, Account account, long totalSteps) {
        if (totalSteps < 1) {
            throw new IllegalArgumentException("A run of " + totalSteps + " steps, expected at least 1");
        }
        return trainMacsPerSample(costs, account, 0, totalSteps) / (3.0 * forwardMacsPerSample() * totalSteps);
    }

    /** All ratios of a run. */
    public TrainingCost cost(CostModel costs, long totalSteps) {
        return new TrainingCost(
                trainRatio(costs, Account.PAPER, totalSteps),
                trainRatio(costs, Account.CPU_EXECUTED, totalSteps),
                trainRatio(costs, Account.NM_HARDWARE, totalSteps),
                testRatio(costs));
    }
}
