package org.bame.baselines.decay;

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

/** Mask decay: masked weights fade out instead of vanishing. */
public final class MaskDecayMethodFactory implements MethodFactory<MaskDecayConfiguration> {
    private static final String NAME = "mask-decay";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Masked weights fade out by a factor that falls from 1 to 0, between a dense start and a masked end";
    }

    @Override
    public String reference() {
        return "Kao et al., Training Recipe for N:M Structured Sparsity with Decaying Pruning Mask, 2022, arXiv 2209.07617;"
                + " Bambhaniya et al., Progressive Gradient Flow for Robust N:M Sparsity Training in Transformers, 2024,"
                + " arXiv 2402.04744";
    }

    @Override
    public MaskDecayConfiguration defaults() {
        return MaskDecayConfiguration.defaults();
    }

    @Override
    public List<String> problems(MaskDecayConfiguration c, MethodContext context) {
        List<String> problems =
                new ArrayList<>(DecaySpan.problems(c.denseFraction(), c.fineTuneFraction(), context));
        if (!(c.k() > 0 && Double.isFinite(c.k()))) {
            problems.add("k is " + c.k() + ", expected above 0");
        }
        double last = problems.isEmpty() ? BetaSchedule.of(c, context).beta(context.totalSteps() - 1) : 0;
        if (last > 0) {
            problems.add("fineTuneFraction is " + c.fineTuneFraction() + " of " + context.totalSteps()
                    + " steps, at the end of which masked weights still count by a factor of " + last
                    + "; raise fineTuneFraction, or k with decay LINEAR");
        }
        return problems;
    }

    @Override
    public TrainingMethod create(MaskDecayConfiguration configuration, MethodContext context) {
        NmSelection selection = new NmSelection(context.nm());
        BetaSchedule schedule = BetaSchedule.of(configuration, context);
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new MaskDecayLayer(layer, selection, schedule));
    }

    @Override
    public CostModel costs(MaskDecayConfiguration configuration, MethodContext context) {
        BetaSchedule schedule = BetaSchedule.of(configuration, context);
        double density = context.nm().density();
        return new DecayCosts(
                step -> schedule.isDense(step) || schedule.beta(step) > 0 ? 1 : density, density);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        int steps = untimedSteps + timedSteps;
        return List.of(
                new MethodPhase("dense", "no mask yet", Map.of("denseFraction", 0.5), 4L * steps, steps),
                new MethodPhase(
                        "fading",
                        "a mask at every step, products dense on faded weights",
                        Map.of("denseFraction", 0.0, "decay", MaskDecayConfiguration.Decay.EXPONENTIAL),
                        4L * steps,
                        steps),
                new MethodPhase(
                        MethodPhase.STEADY,
                        "masked weights count no more",
                        Map.of("denseFraction", 0.0, "fineTuneFraction", 1.0),
                        steps,
                        steps));
    }
}
