package org.bame.baselines;

import java.util.List;
import org.bame.baselines.dense.DenseMethodFactory;
import org.bame.baselines.fixed.StaticMethodFactory;
import org.bame.baselines.fst.FstMethodFactory;
import org.bame.baselines.maxq.MaxQMethodFactory;
import org.bame.baselines.slope.SlopeMethodFactory;
import org.bame.baselines.srste.SrSteMethodFactory;
import org.bame.baselines.srste.SteMethodFactory;
import org.bame.baselines.sste.SSteMethodFactory;
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
                new FstMethodFactory(),
                new SSteMethodFactory(),
                new SlopeMethodFactory(),
                new StaticMethodFactory());
    }
}
