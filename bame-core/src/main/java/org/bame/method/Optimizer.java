package org.bame.method;

/** The optimizer as recipes choose it and methods know it: the running means that it keeps of a weight's gradient. */
public sealed interface Optimizer {
    /** Factor of the running mean from which steps are taken: how long a gradient is remembered; 0: not at all. */
    double momentum();

    /**
     * Stochastic gradient descent.
     *
     * @param momentum in [0, 1); 0 for none
     * @param nesterov whether the momentum looks ahead
     */
    record Sgd(double momentum, boolean nesterov) implements Optimizer {}

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019, arXiv 1711.05101), with PyTorch's arithmetic.
     *
     * @param beta1 factor of the mean gradient, in [0, 1)
     * @param beta2 factor of the mean squared gradient, in [0, 1)
     * @param epsilon added to the square root of the mean square, above 0
     */
    record AdamW(double beta1, double beta2, double epsilon) implements Optimizer {
        /** PyTorch's defaults: 0.9, 0.999 and 1e-8. */
        public AdamW() {
            this(0.9, 0.999, 1e-8);
        }

        @Override
        public double momentum() {
            return beta1;
        }
    }
}
