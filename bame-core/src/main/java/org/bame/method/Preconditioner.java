package org.bame.method;

/** What Adam divides the mean gradient of a sparsifiable layer's weights by; v is its running mean of squared gradients. */
public sealed interface Preconditioner {
    /** {@link Adaptive}. */
    Preconditioner ADAPTIVE = new Adaptive();

    /** Adam's own: {@code sqrt(v / (1 - beta2^t)) + epsilon}, where v goes on following the gradients. */
    record Adaptive() implements Preconditioner {}

    /**
     * {@code sqrt(v) + epsilon}, where v stays as it is stored, without correction of its bias (STEP, Lu et al., ICML 2023).
     *
     * @param epsilon instead of the optimizer's own, above 0
     */
    record Frozen(double epsilon) implements Preconditioner {}
}
