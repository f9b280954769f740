package org.bame.baselines.asp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmSelection;

/** ASP: train dense, prune once by magnitude, repeat the training with the mask. */
public final class AspMethodFactory implements MethodFactory<AspConfiguration> {
    private static final String NAME = "asp";
    private static final int MOST_CYCLES = 10;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Trains dense, prunes once by magnitude, and repeats the whole training with the mask: epochs count twice";
    }

    @Override
    public String reference() {
        return "Mishra et al., Accelerating Sparse Deep Neural Networks, 2021, arXiv 2104.08378; permutations: Pool and Yu,"
                + " Channel Permutations for N:M Sparsity, NeurIPS 2021";
    }

    @Override
    public AspConfiguration defaults() {
        return AspConfiguration.defaults();
    }

    @Override
    public List<String> problems(AspConfiguration configuration, MethodContext context) {
        List<String> problems = new ArrayList<>();
        int cycles = configuration.pretrainCycles();
        if (cycles < 0 || cycles > MOST_CYCLES) {
            problems.add("pretrainCycles is " + cycles + ", expected 0 to " + MOST_CYCLES);
        }
        return problems;
    }

    @Override
    public TrainingMethod create(AspConfiguration configuration, MethodContext context) {
        long pruneStep = pruneStep(configuration, context);
        NmSelection selection = new NmSelection(context.nm());
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new AspLayer(layer, selection, configuration.permutation(), pruneStep));
    }

    @Override
    public CostModel costs(AspConfiguration configuration, MethodContext context) {
        return new AspCosts(pruneStep(configuration, context), context.nm().density());
    }

    @Override
    public int cycles(AspConfiguration configuration) {
        // Asked for before the configuration is checked.
        return Math.max(0, configuration.pretrainCycles()) + 1;
    }

    private long pruneStep(AspConfiguration configuration, MethodContext context) {
        int cycles = cycles(configuration);
        return context.totalSteps() / cycles * (cycles - 1);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        int steps = untimedSteps + timedSteps;
        return List.of(
                new MethodPhase("pretrain", "dense training", Map.of("pretrainCycles", 1), 2L * steps, steps),
                new MethodPhase(
                        "retrain", "all three products on the fixed mask", Map.of("pretrainCycles", 0), steps, steps));
    }
}
