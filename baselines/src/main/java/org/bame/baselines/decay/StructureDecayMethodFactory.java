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

/** Structure decay: the mask reaches N:M through a series of other patterns. */
public final class StructureDecayMethodFactory implements MethodFactory<StructureDecayConfiguration> {
    private static final String NAME = "structure-decay";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Straight-through training whose magnitude mask goes through patterns from M-1:M to N:M";
    }

    @Override
    public String reference() {
        return new MaskDecayMethodFactory().reference();
    }

    @Override
    public StructureDecayConfiguration defaults() {
        return StructureDecayConfiguration.defaults();
    }

    @Override
    public List<String> problems(StructureDecayConfiguration c, MethodContext context) {
        List<String> problems =
                new ArrayList<>(DecaySpan.problems(c.denseFraction(), c.fineTuneFraction(), context));
        if (c.span() < 2 || c.span() > 64 || Integer.bitCount(c.span()) != 1) {
            problems.add("span is " + c.span() + ", expected a power of 2 from 2 to 64");
        }
        return problems;
    }

    @Override
    public TrainingMethod create(StructureDecayConfiguration configuration, MethodContext context) {
        PatternFrames frames = PatternFrames.of(configuration, context);
        List<NmSelection> selections = frames.patterns().stream().map(NmSelection::new).toList();
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new StructureDecayLayer(layer, selections, frames));
    }

    @Override
    public CostModel costs(StructureDecayConfiguration configuration, MethodContext context) {
        return new DecayCosts(PatternFrames.of(configuration, context)::density, context.nm().density());
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        long steps = untimedSteps + timedSteps;
        return List.of(
                new MethodPhase("dense", "no mask yet", Map.of("denseFraction", 0.5), 4 * steps, (int) steps),
                new MethodPhase(
                        "frames",
                        "the timed steps go through all frames",
                        Map.of("denseFraction", (double) untimedSteps / steps, "fineTuneFraction", 0.0),
                        steps,
                        (int) steps),
                new MethodPhase(
                        MethodPhase.STEADY,
                        "the last frame's pattern, N:M",
                        Map.of("denseFraction", 0.0, "fineTuneFraction", 1.0),
                        steps,
                        (int) steps));
    }
}
