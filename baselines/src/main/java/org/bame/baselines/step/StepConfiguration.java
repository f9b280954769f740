package org.bame.baselines.step;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * STEP (Lu et al., ICML 2023, arXiv 2302.01172; methods.md 5.8). The threshold is no key: it is the optimizer's {@code
 * epsilon}, as in the code.
 */
public record StepConfiguration(
        @Key(
                value = "share of the run's steps that phase 1, which is dense, takes at least, from 0 to maxFraction",
                status = Status.CODE) double minFraction,
        @Key(
                value = "share of the run's steps that phase 1 takes at most, below 1; equal to minFraction: the step of "
                        + "the switch is fixed",
                status = Status.CODE) double maxFraction,
        @Key(
                value = "how the changes of the second moments are made one number",
                status = Status.CODE) Mean mean) {
    /** The values of methods.md 5.8. */
    public static StepConfiguration defaults() {
        return new StepConfiguration(0.1, 0.5, Mean.ARITHMETIC);
    }

    /** How the changes of a step are made one number. */
    public enum Mean {
        /** {@code mean |v_t - v_(t-1)|}: option 1. */
        ARITHMETIC,
        /**
         * {@code exp(mean log |v_t - v_(t-1)|)}: option 2. A change of 0 counts as the smallest normal number, 1.2e-38
         * [ASSUMED]: otherwise one of them would make the mean 0. Costs a logarithm a weight and step.
         */
        GEOMETRIC
    }
}
