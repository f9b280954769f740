package org.bame.harness.flops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.bame.flops.FlopsAccount;
import org.bame.flops.LayerCosts;
import org.bame.harness.config.MethodOptions;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.networks.NetworkFactory;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
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

    /** Steps that a phase is counted for, in the method's update intervals. */
    private static final int PHASE_INTERVALS = 10;

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
            MethodFactory<C> method, String label, ObjectNode options, SparsityPattern pattern) {
        C configuration = configuration(method, label, options);
        int cycles = method.cycles(configuration);
        long steps = cycles * totalSteps();
        MethodContext context = new MethodContext(pattern, steps, stepsPerEpoch(), optimizer, 1);
        return count(method, label, MethodCost.WHOLE_RUN, configuration, context, 0, steps).times(cycles);
    }

    /**
     * The answers for the parts of a run whose steps cost alike, in order; none if all of a run's steps do.
     *
     * @param label shown instead of the method's name
     * @param options over its defaults; a phase's own come over these
     */
    public <C extends Record> List<MethodCost> phases(
            MethodFactory<C> method, String label, ObjectNode options, SparsityPattern pattern) {
        int interval = method.updateInterval();
        int timed = PHASE_INTERVALS * interval;
        List<MethodPhase> phases = method.phases(interval, timed);
        if (phases.size() == 1) {
            return List.of();
        }
        List<MethodCost> costs = new ArrayList<>();
        for (MethodPhase phase : phases) {
            ObjectNode all = options.deepCopy();
            all.setAll(MethodOptions.of(phase));
            MethodContext context =
                    new MethodContext(pattern, phase.totalSteps(), phase.stepsPerEpoch(), optimizer, 1);
            C configuration = configuration(method, label, all);
            costs.add(count(method, label, phase.name(), configuration, context, interval, interval + timed));
        }
        return costs;
    }

    private static <C extends Record> C configuration(MethodFactory<C> method, String label, ObjectNode options) {
        Problems problems = new Problems();
        C configuration =
                MethodOptions.read(method, options, "options of " + label, problems).orElse(null);
        problems.throwIfAny();
        return configuration;
    }

    private <C extends Record> MethodCost count(
            MethodFactory<C> method,
            String label,
            String phase,
            C configuration,
            MethodContext context,
            long fromStep,
            long toStep) {
        try {
            LayerCosts costs = own -> method.costs(configuration, context.withPattern(own));
            SparsityPattern pattern = context.pattern();
            return MethodCost.of(label, PatternText.of(pattern), phase, account(pattern), costs, fromStep, toStep);
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Options out of range that the method does not even count; those that only training refuses are counted.
            Problems problems = new Problems();
            method.problems(configuration, context)
                    .forEach(problem -> problems.add("options of " + label, problem));
            problems.throwIfAny();
            throw e;
        }
    }
}
