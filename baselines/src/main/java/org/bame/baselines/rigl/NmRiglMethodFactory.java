package org.bame.baselines.rigl;

import java.util.List;
import org.bame.baselines.dynamic.DynamicMethodFactory;
import org.bame.method.LayerRandom;
import org.bame.method.MethodContext;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmSelection;

/** RigL inside the blocks of an N:M mask: what BAME's loss term and freezing are measured against. */
public final class NmRiglMethodFactory extends DynamicMethodFactory<NmRiglConfiguration> {
    @Override
    public String name() {
        return "nm-rigl";
    }

    @Override
    public String summary() {
        return "RigL inside N:M blocks: the smallest weight gives way to the largest gradient in the blocks that gain most";
    }

    @Override
    public String reference() {
        return "Control, after Evci et al., Rigging the Lottery, ICML 2020, arXiv 1911.11134; no paper describes it";
    }

    @Override
    public NmRiglConfiguration defaults() {
        return NmRiglConfiguration.defaults();
    }

    @Override
    public List<String> problems(NmRiglConfiguration c, MethodContext context) {
        List<String> problems = super.problems(c, context);
        int n = context.nm().n();
        int most = Math.min(n, context.nm().m() - n);
        if (most > 0 && (c.swapsPerBlock() < 1 || c.swapsPerBlock() > most)) {
            problems.add("swapsPerBlock is " + c.swapsPerBlock() + ", expected 1 to " + most
                    + " = min(N, M - N) for pattern " + context.nm());
        }
        return problems;
    }

    @Override
    protected Topologies topologies(NmRiglConfiguration configuration, MethodContext context) {
        NmSelection selection = new NmSelection(context.nm());
        return (index, layer) -> new BlockTopology(
                new NmBlocks(layer.shape(), context.nm()),
                selection,
                LayerRandom.of(context.seed(), index, 0),
                configuration);
    }

    @Override
    protected boolean updatesByGradient(NmRiglConfiguration configuration) {
        return true;
    }
}
