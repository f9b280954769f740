package org.bame.baselines;

import java.util.List;
import org.bame.baselines.asp.AspMethodFactory;
import org.bame.baselines.bimask.BiMaskMethodFactory;
import org.bame.baselines.decay.MaskDecayMethodFactory;
import org.bame.baselines.decay.StructureDecayMethodFactory;
import org.bame.baselines.dense.DenseMethodFactory;
import org.bame.baselines.dense2sparse.GradualPruningMethodFactory;
import org.bame.baselines.dynamic.Growth;
import org.bame.baselines.fixed.StaticMethodFactory;
import org.bame.baselines.fst.FstMethodFactory;
import org.bame.baselines.hrbp.HrbpMethodFactory;
import org.bame.baselines.lbc.LbcMethodFactory;
import org.bame.baselines.maxq.MaxQMethodFactory;
import org.bame.baselines.rigl.NmRiglMethodFactory;
import org.bame.baselines.rigl.RiglMethodFactory;
import org.bame.baselines.slope.SlopeMethodFactory;
import org.bame.baselines.srigl.SriglMethodFactory;
import org.bame.baselines.srste.SrSteMethodFactory;
import org.bame.baselines.srste.SteMethodFactory;
import org.bame.baselines.sste.SSteMethodFactory;
import org.bame.baselines.step.StepMethodFactory;
import org.bame.baselines.transposable.TransposableMethodFactory;
import org.bame.method.MethodFactory;

/** The methods of this module. */
public final class Baselines {
    private Baselines() {}

    /** A factory of each, in the order in which they are listed to users. */
    public static List<MethodFactory<?>> all() {
        return List.of(
                new DenseMethodFactory(),
                new SteMethodFactory(),
                new SrSteMethodFactory(),
                new MaxQMethodFactory(),
                new RiglMethodFactory(Growth.RANDOM),
                new RiglMethodFactory(Growth.GRADIENT),
                new NmRiglMethodFactory(),
                new SriglMethodFactory(),
                new HrbpMethodFactory(),
                GradualPruningMethodFactory.magnitude(),
                GradualPruningMethodFactory.saliency(),
                new TransposableMethodFactory(),
                new BiMaskMethodFactory(),
                new LbcMethodFactory(),
                new AspMethodFactory(),
                new MaskDecayMethodFactory(),
                new StructureDecayMethodFactory(),
                new StepMethodFactory(),
                new FstMethodFactory(),
                new SSteMethodFactory(),
                new SlopeMethodFactory(),
                new StaticMethodFactory());
    }
}
