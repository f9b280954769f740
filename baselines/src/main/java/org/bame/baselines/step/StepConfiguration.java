package org.bame.baselines.step;

/**
 * STEP (Lu et al., ICML 2023). The threshold is no key: it is the optimizer's {@code epsilon} [CODE].
 *
 * @param minFraction of the run's steps that phase 1 takes at least, from 0 to {@code maxFraction} (0.1) [CODE]
 * @param maxFraction that it takes at most, below 1 (0.5) [CODE]; equal to {@code minFraction}: the step of the switch is
 *     fixed
 * @param mean of the changes of the second moments ({@code ARITHMETIC}) [CODE]
 */
public record StepConfiguration(double minFraction, double maxFraction, Mean mean) {
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
