package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.harness.config.MethodOptions;
import org.bame.harness.config.PatternSupport;
import org.bame.harness.config.PatternText;
import org.bame.harness.config.Problems;
import org.bame.harness.sweep.MethodChoice;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * A method at a pattern in one of its phases.
 *
 * @param method with the phase's options
 * @param pattern {@code 1:1} if the method has no use for one
 * @param phase of the run
 * @param context of the phase's run
 */
record StepVariant(MethodChoice<?> method, SparsityPattern pattern, MethodPhase phase, MethodContext context) {

    /** Every variant of a plan; mistakes are noted. */
    static List<StepVariant> all(StepBenchmarkPlan plan, Problems problems) {
        List<StepVariant> variants = new ArrayList<>();
        for (MethodFactory<?> method : plan.methods()) {
            int interval = method.updateInterval();
            if (plan.steps() % interval != 0) {
                problems.add(
                        "--steps",
                        String.valueOf(plan.steps()),
                        "a multiple of " + interval + ", the steps between two mask updates of " + method.name(),
                        "Otherwise these updates would weigh more or less than in a run.");
                continue;
            }
            for (SparsityPattern pattern : patterns(method, plan, problems)) {
                for (MethodPhase phase : method.phases(plan.warmUpSteps(), plan.steps())) {
                    of(method, pattern, phase, plan, problems).ifPresent(variants::add);
                }
            }
        }
        return variants;
    }

    private static List<SparsityPattern> patterns(
            MethodFactory<?> method, StepBenchmarkPlan plan, Problems problems) {
        return ignoresPattern(method)
                ? List.of(NmPattern.DENSE)
                : plan.patterns().stream()
                        .filter(pattern -> PatternSupport.check(method, pattern, "--patterns", problems))
                        .toList();
    }

    private static <C extends Record> boolean ignoresPattern(MethodFactory<C> method) {
        return new MethodChoice<>(method, "", method.defaults()).ignoresPattern();
    }

    private static <C extends Record> Optional<StepVariant> of(
            MethodFactory<C> method, SparsityPattern pattern, MethodPhase phase, StepBenchmarkPlan plan,
            Problems problems) {
        int before = problems.count();
        String where = method.name() + " " + pattern + " " + phase.name();
        MethodContext context = new MethodContext(
                pattern, phase.totalSteps(), phase.stepsPerEpoch(), plan.recipe().optimizer(), plan.seed());
        Optional<C> options = MethodOptions.read(method, phase, where, problems);
        options.ifPresent(found -> method.problems(found, context)
                .forEach(problem -> problems.add(where, problem)));
        return problems.count() > before
                ? Optional.empty()
                : options.map(found -> new StepVariant(
                        new MethodChoice<>(method, "", found), pattern, phase, context));
    }

    /** Column {@code pattern}. */
    String patternName() {
        return PatternText.of(pattern);
    }

    /** Whether no weight is ever masked. */
    boolean isDense() {
        return pattern.isDense();
    }

    @Override
    public String toString() {
        return method.label() + " " + patternName() + " " + phase.name();
    }
}
