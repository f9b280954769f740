package org.bame.method.bame;

import java.util.ArrayList;
import java.util.List;
import org.bame.flops.CostModel;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;

/** Makes {@link BameMethod}s. */
public final class BameMethodFactory implements MethodFactory<BameConfiguration> {
    @Override
    public String name() {
        return BameMethod.NAME;
    }

    @Override
    public String summary() {
        return "Sparse training whose masks evolve in chosen blocks: loss-aware mask adaption, oscillation-aware freezing";
    }

    @Override
    public String reference() {
        return "BAME: Block-Aware Mask Evolution for Efficient N:M Sparse Training, ICML 2025 (reconstructed from its"
                + " abstract and reviews)";
    }

    @Override
    public BameConfiguration defaults() {
        return BameConfiguration.defaults();
    }

    @Override
    public List<String> problems(BameConfiguration c, MethodContext context) {
        List<String> problems = new ArrayList<>();
        require(problems, c.initFraction() >= 0 && c.initFraction() <= 1, "initFraction", c.initFraction(), "0 to 1");
        require(
                problems,
                c.finalFraction() >= c.initFraction() && c.finalFraction() <= 1,
                "finalFraction",
                c.finalFraction(),
                "initFraction (" + c.initFraction() + ") to 1");
        require(problems, c.interval() >= 1, "interval", c.interval(), "at least 1 step");
        require(
                problems,
                c.gradientBatches() >= 1 && c.gradientBatches() <= Math.max(1, c.interval()),
                "gradientBatches",
                c.gradientBatches(),
                "1 to interval (" + c.interval() + ")");
        require(problems, finite(c.lambda()), "lambda", c.lambda(), "at least 0");
        require(problems, c.rho0() > 0 && c.rho0() <= 1, "rho0", c.rho0(), "above 0, at most 1");
        require(problems, c.mu() >= 0 && c.mu() < 1, "mu", c.mu(), "at least 0, below 1");
        require(problems, finite(c.tau()), "tau", c.tau(), "at least 0");
        require(problems, c.minCount() >= 1, "minCount", c.minCount(), "at least 1");
        require(problems, c.phi() > 0 && c.phi() <= 1, "phi", c.phi(), "above 0, at most 1");
        require(problems, finite(c.gamma()), "gamma", c.gamma(), "at least 0");
        require(problems, c.backwardInterval() >= 1, "backwardInterval", c.backwardInterval(), "at least 1 step");
        require(problems, c.permutations() >= 1, "permutations", c.permutations(), "at least 1");
        require(problems, c.measureEvery() >= 0, "measureEvery", c.measureEvery(), "0 for never, or at least 1");
        checkSwaps(problems, c, context.nm());
        if (problems.isEmpty()) {
            checkPhases(problems, c, context);
        }
        return problems;
    }

    private static void checkSwaps(List<String> problems, BameConfiguration c, NmPattern pattern) {
        int n = pattern.n();
        int m = pattern.m();
        boolean tiles = c.transpose() == BameConfiguration.Transpose.TILE;
        if (tiles && pattern.rowGroup() > 1) {
            problems.add("transpose is TILE and the pattern " + pattern
                    + ", in which outputs keep the same positions, so"
                    + " that columns would keep more than N of M; expected a pattern without row groups, or another"
                    + " transpose");
        }
        if (tiles && m > TileCycles.LARGEST_M) {
            problems.add("transpose is TILE and the pattern " + pattern + "; expected M up to " + TileCycles.LARGEST_M
                    + ", or another transpose");
        }
        if (n < m) {
            int most = tiles ? m / 2 : Math.min(n, m - n);
            require(
                    problems,
                    c.swapsPerBlock() >= 1 && c.swapsPerBlock() <= most,
                    "swapsPerBlock",
                    c.swapsPerBlock(),
                    "1 to " + most + (tiles ? " = M / 2" : " = min(N, M - N)") + " for pattern " + pattern);
        }
    }

    private static void checkPhases(List<String> problems, BameConfiguration c, MethodContext context) {
        BameSchedule schedule = BameSchedule.of(c, context);
        long steps = schedule.end() - schedule.start();
        if (c.initPhase() == BameConfiguration.InitPhase.DENSE && schedule.start() >= context.totalSteps()) {
            problems.add("initFraction is " + c.initFraction()
                    + " with initPhase DENSE, so that the run is dense to its"
                    + " end; lower initFraction");
        }
        if (!schedule.adapting()) {
            return;
        }
        if (steps == 0) {
            problems.add("initFraction " + c.initFraction() + " and finalFraction " + c.finalFraction() + " of "
                    + context.totalSteps()
                    + " steps leave no step to adapt masks in; raise finalFraction, train longer, or"
                    + " say adaptation = false");
        } else if (c.interval() >= steps) {
            problems.add("interval is " + c.interval() + " steps, but masks adapt only from step " + schedule.start()
                    + " (initFraction) to step " + schedule.end() + " (finalFraction), " + steps
                    + " steps, so there would be one adaptation; lower interval, or train longer than "
                    + context.totalSteps() + " steps");
        }
    }

    private static boolean finite(double value) {
        return value >= 0 && Double.isFinite(value);
    }

    private static void require(List<String> problems, boolean sound, String key, Object value, String expected) {
        if (!sound) {
            problems.add(key + " is " + value + ", expected " + expected);
        }
    }

    @Override
    public TrainingMethod create(BameConfiguration configuration, MethodContext context) {
        return new BameMethod(configuration, context);
    }

    @Override
    public CostModel costs(BameConfiguration configuration, MethodContext context) {
        return new BameCosts(configuration, context);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return BamePhases.of(untimedSteps + timedSteps);
    }

    @Override
    public int updateInterval() {
        return BameConfiguration.defaults().interval();
    }
}
