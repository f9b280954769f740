package org.bame.harness.flops;

import com.fasterxml.jackson.databind.JsonNode;
import org.bame.flops.FlopsAccount;
import org.bame.flops.LayerCosts;
import org.bame.flops.TrainingCost;
import org.bame.harness.config.MethodOptions;
import org.bame.harness.config.Problems;
import org.bame.harness.networks.NetworkFactory;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.Optimizer;
import org.bame.sparsity.SparsityPattern;

/**
 * Asks what methods cost when a network is trained on a data set.
 *
 * @param network counted
 * @param dataSet its images
 * @param epochs of the training
 * @param batch images of a step
 * @param optimizer what trains the weights
 */
public record CostQuestion(NetworkFactory network, DataSetShape dataSet, int epochs, int batch, Optimizer optimizer) {

    /** Optimizer steps of the training, for methods that go through it once. */
    public long totalSteps() {
        return (long) epochs * stepsPerEpoch();
    }

    /** Optimizer steps of an epoch. */
    public int stepsPerEpoch() {
        return dataSet.trainImages() / batch;
    }

    /** The account of the network under a pattern. */
    public FlopsAccount account(SparsityPattern pattern) {
        return new FlopsAccount(
                network.weightedLayers(dataSet.image(), dataSet.classes()),
                pattern,
                network.extraMacsPerSample(dataSet.image(), dataSet.classes()));
    }

    /**
     * The answer for one method.
     *
     * @param label shown instead of the method's name
     * @param options over its defaults
     * @throws org.bame.harness.config.ConfigurationException if the options are wrong
     */
    public <C extends Record> MethodCost answer(
            MethodFactory<C> method, String label, JsonNode options, SparsityPattern pattern) {
        Problems problems = new Problems();
        C configuration =
                MethodOptions.read(method, options, "options of " + label, problems).orElse(null);
        problems.throwIfAny();
        int cycles = method.cycles(configuration);
        long steps = cycles * totalSteps();
        MethodContext context = new MethodContext(pattern, steps, stepsPerEpoch(), optimizer, 1);
        FlopsAccount account = account(pattern);
        try {
            LayerCosts costs = own -> method.costs(configuration, context.withPattern(own));
            TrainingCost cost = account.cost(costs, steps).times(cycles);
            return new MethodCost(label, pattern.toString(), cost, account.forwardMacsPerSample() * cost.test());
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Options out of range that the method does not even count; those that only training refuses are counted.
            method.problems(configuration, context)
                    .forEach(problem -> problems.add("options of " + label, problem, "a sound configuration"));
            problems.throwIfAny();
            throw e;
        }
    }
}
