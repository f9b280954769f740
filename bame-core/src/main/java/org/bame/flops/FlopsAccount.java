package org.bame.flops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bame.sparsity.SparsityPattern;

/**
 * Multiply-accumulates of training and inference of one network under one pattern (methods.md 3). Counted are the products
 * with weights, and other products such as attention scores at their dense cost; normalisation, activations and mask work
 * are not. A dense training sample costs three forward products.
 */
public final class FlopsAccount {
    private final long denseMacs;
    private final List<LayerSparsity> sparsified = new ArrayList<>();

    /**
     * An account.
     *
     * @param layers every layer with weights; {@link LayerSparsity} says which are sparse, and how sparse
     * @param pattern of the run
     * @param extraMacsPerSample forward multiply-accumulates of products without weights, which no method makes sparse
     */
    public FlopsAccount(List<WeightedLayer> layers, SparsityPattern pattern, long extraMacsPerSample) {
        long dense = extraMacsPerSample;
        for (LayerSparsity sparsity : LayerSparsity.of(layers, pattern)) {
            long macs = sparsity.layer().macsPerSample();
            if (sparsity.verdict().sparse()) {
                sparsified.add(sparsity);
            } else {
                dense += macs;
            }
        }
        if (dense == 0 && sparsified.isEmpty()) {
            throw new IllegalArgumentException("A network without multiply-accumulates, expected at least one layer");
        }
        this.denseMacs = dense;
    }

    /** Multiply-accumulates of the dense forward product of one sample. */
    public long forwardMacsPerSample() {
        return denseMacs + sparsifiedMacsPerSample();
    }

    /** Of these, the part in layers that are made sparse. */
    public long sparsifiedMacsPerSample() {
        return sparsified.stream()
                .mapToLong(sparsity -> sparsity.layer().macsPerSample())
                .sum();
    }

    /** Inference cost relative to the dense network: {@code s} of the papers. */
    public double testRatio(LayerCosts costs) {
        double sum = denseMacs;
        for (var alike : macsByCosts(costs).entrySet()) {
            sum += alike.getValue() * alike.getKey().deployedDensity();
        }
        return sum / forwardMacsPerSample();
    }

    /**
     * What the three products of the sparse layers cost in the mean over steps {@code [fromStep, toStep)}, as fractions of their
     * dense cost: every layer weighs what it costs dense. All dense without sparse layers or steps.
     */
    public CostVector meanCost(LayerCosts costs, Account account, long fromStep, long toStep) {
        long sparse = sparsifiedMacsPerSample();
        if (sparse == 0 || fromStep == toStep) {
            return CostVector.DENSE;
        }
        double forward = 0;
        double inputGradient = 0;
        double weightGradient = 0;
        for (var alike : macsByCosts(costs).entrySet()) {
            CostVector sum = sum(alike.getKey(), account, fromStep, toStep);
            forward += alike.getValue() * sum.forward();
            inputGradient += alike.getValue() * sum.inputGradient();
            weightGradient += alike.getValue() * sum.weightGradient();
        }
        double all = (double) sparse * (toStep - fromStep);
        return new CostVector(forward / all, inputGradient / all, weightGradient / all);
    }

    /** Forward multiply-accumulates of the sparse layers, those that cost alike together. */
    private Map<CostModel, Long> macsByCosts(LayerCosts costs) {
        Map<CostModel, Long> macs = new LinkedHashMap<>();
        Map<SparsityPattern, CostModel> models = new HashMap<>();
        for (LayerSparsity sparsity : sparsified) {
            CostModel own = models.computeIfAbsent(sparsity.pattern(), costs::on);
            macs.merge(own.on(sparsity.layer()), sparsity.layer().macsPerSample(), Long::sum);
        }
        return macs;
    }

    private static CostVector sum(CostModel costs, Account account, long fromStep, long toStep) {
        double forward = 0;
        double inputGradient = 0;
        double weightGradient = 0;
        for (long step = fromStep; step < toStep; step++) {
            CostVector cost = costs.at(account, step);
            forward += cost.forward();
            inputGradient += cost.inputGradient();
            weightGradient += cost.weightGradient();
        }
        return new CostVector(forward, inputGradient, weightGradient);
    }

    /**
     * Multiply-accumulates of training on one sample a step, summed over steps {@code [fromStep, toStep)}. Times the batch
     * size it is a run's cost; times 2 it is FLOPs.
     */
    public double trainMacsPerSample(LayerCosts costs, Account account, long fromStep, long toStep) {
        return trainMacs(meanCost(costs, account, fromStep, toStep)) * (toStep - fromStep);
    }

    private double trainMacs(CostVector mean) {
        return 3.0 * denseMacs + sparsifiedMacsPerSample() * mean.sum();
    }

    /** Training cost relative to dense training, of steps that cost this on the sparse layers. */
    public double trainRatio(CostVector mean) {
        return trainMacs(mean) / (3.0 * forwardMacsPerSample());
    }

    /** Training cost of a whole run relative to dense training: the exact mean over its steps. */
    public double trainRatio(LayerCosts costs, Account account, long totalSteps) {
        if (totalSteps < 1) {
            throw new IllegalArgumentException("A run of " + totalSteps + " steps, expected at least 1");
        }
        return trainRatio(meanCost(costs, account, 0, totalSteps));
    }

    /** All ratios of a run. */
    public TrainingCost cost(LayerCosts costs, long totalSteps) {
        return new TrainingCost(
                trainRatio(costs, Account.PAPER, totalSteps),
                trainRatio(costs, Account.CPU_EXECUTED, totalSteps),
                trainRatio(costs, Account.NM_HARDWARE, totalSteps),
                testRatio(costs));
    }
}
