package org.bame.method;

import java.util.List;
import org.bame.flops.CostModel;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * A training method as the harness knows it: a name, a configuration record and how to make one. A new method is one
 * implementation of this interface and one binding.
 *
 * @param <C> the configuration: a record whose components are the keys that users write, with the documented defaults
 */
public interface MethodFactory<C extends Record> {
    /** Name that users type, for example {@code sr-ste}. */
    String name();

    /** One line: what it does. */
    String summary();

    /** The paper (authors, venue, arXiv number) that it follows. */
    String reference();

    /** Default configuration. */
    C defaults();

    /** Whether the method can train by such a pattern. Nothing below is asked about another. */
    default boolean supports(SparsityPattern pattern) {
        return pattern instanceof NmPattern;
    }

    /** What to train by instead, a sentence, if the method does not support a pattern but another one is its like; else empty. */
    default String alternative(SparsityPattern pattern) {
        return "";
    }

    /** Problems of a configuration, each a sentence with key, value and remedy; empty if it is sound. */
    List<String> problems(C configuration, MethodContext context);

    /** Makes the method for one run. */
    TrainingMethod create(C configuration, MethodContext context);

    /** Its costs in the three accounts on layers of which {@code context.pattern()} is the own pattern. */
    CostModel costs(C configuration, MethodContext context);

    /**
     * How many times a run goes through its recipe's epochs (methods that train anew behind a pruning): the learning
     * rate's schedule begins again each time, the optimizer's state does not. The steps that methods and costs are told
     * of are those of all times together; a training ratio is over one time of dense training, and so may exceed 1.
     */
    default int cycles(C configuration) {
        return 1;
    }

    /**
     * The parts of a run in which its steps cost alike, in order.
     *
     * @param untimedSteps that a benchmark takes first
     * @param timedSteps behind them; a multiple of {@link #updateInterval}
     */
    default List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return MethodPhase.steady(untimedSteps + timedSteps);
    }

    /** Steps from one mask update to the next by default, if masks are updated now and then; else 1. */
    default int updateInterval() {
        return 1;
    }
}
