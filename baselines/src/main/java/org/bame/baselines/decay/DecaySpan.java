package org.bame.baselines.decay;

import java.util.ArrayList;
import java.util.List;
import org.bame.method.MethodContext;

/**
 * The steps between the dense phase and the fine-tune phase.
 *
 * @param start first step behind the dense phase
 * @param end first step of the fine-tune phase
 */
record DecaySpan(long start, long end) {
    static DecaySpan of(double denseFraction, double fineTuneFraction, MethodContext context) {
        long total = context.totalSteps();
        return new DecaySpan(Math.round(denseFraction * total), total - Math.round(fineTuneFraction * total));
    }

    /** What is wrong with the fractions, if anything. */
    static List<String> problems(double denseFraction, double fineTuneFraction, MethodContext context) {
        List<String> problems = new ArrayList<>();
        if (!(denseFraction >= 0 && denseFraction < 1)) {
            problems.add("denseFraction is " + denseFraction + ", expected at least 0, below 1");
        } else if (!(fineTuneFraction >= 0 && fineTuneFraction <= 1 - denseFraction)) {
            problems.add("fineTuneFraction is " + fineTuneFraction + ", expected 0 to 1 - denseFraction ("
                    + (1 - denseFraction) + ")");
        } else if (of(denseFraction, fineTuneFraction, context).start >= context.totalSteps()) {
            problems.add("denseFraction is " + denseFraction + " of " + context.totalSteps()
                    + " steps, which leaves no step with a mask; lower it, or train longer");
        }
        return problems;
    }
}
