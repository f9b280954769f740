package org.bame.layer;

import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/** The optimizer of a training run, with PyTorch's arithmetic. */
public sealed interface OptimizerSettings {
    /** Weight decay, added to the gradient or decoupled as the optimizer says. */
    double weightDecay();

    /** Whether parameters with one dimension (normalisation and bias) decay too. */
    boolean decayNormAndBias();

    /** Largest global 2-norm of the gradient before decay and momentum; 0 for no clipping. */
    double clipNorm();

    /** Momentum as methods know it; 0 if the optimizer has none. */
    double momentum();

    /** Numbers of state that the optimizer keeps for a parameter. */
    int stateSlots();

    /**
     * Deeplearning4j's updater to set on the configuration of a graph that this optimizer trains: it has as much state,
     * so that model files have room for ours, and it is what trains the graph without a {@link SparseTrainer}.
     *
     * @param learningRate rate of that stock training
     */
    IUpdater stockUpdater(double learningRate);

    /**
     * Stochastic gradient descent: {@code g += weightDecay * w; v = momentum * v + g; w -= rate * (nesterov ? g +
     * momentum * v : v)}.
     *
     * @param momentum in [0, 1)
     * @param nesterov looks ahead by one step
     * @param weightDecay at least 0
     * @param decayNormAndBias whether parameters with one dimension decay too
     * @param clipNorm largest global norm of the gradient, 0 for none
     */
    record Sgd(double momentum, boolean nesterov, double weightDecay, boolean decayNormAndBias, double clipNorm)
            implements
                OptimizerSettings {
        /** Checks the ranges. */
        public Sgd {
            if (!(momentum >= 0 && momentum < 1)) {
                throw new IllegalArgumentException("Momentum is " + momentum + ", expected a number in [0, 1)");
            }
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("Nesterov needs a momentum above 0");
            }
            requireNotNegative("Weight decay", weightDecay);
            requireNotNegative("Clipping norm", clipNorm);
        }

        /** Heavy-ball momentum, decay on weights alone, no clipping. */
        public static Sgd of(double momentum, double weightDecay) {
            return new Sgd(momentum, false, weightDecay, false, 0);
        }

        @Override
        public int stateSlots() {
            return momentum == 0 ? 0 : 1;
        }

        @Override
        public IUpdater stockUpdater(double learningRate) {
            return momentum == 0
                    ? new org.nd4j.linalg.learning.config.Sgd(learningRate)
                    : new Nesterovs(learningRate, momentum);
        }
    }

    /**
     * Adam with decoupled decay: {@code w -= rate * weightDecay * w; m, v} the usual averages;
     * {@code w -= rate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)}.
     *
     * @param beta1 in [0, 1)
     * @param beta2 in [0, 1)
     * @param epsilon above 0
     * @param weightDecay at least 0
     * @param decayNormAndBias whether parameters with one dimension decay too
     * @param clipNorm largest global norm of the gradient, 0 for none
     */
    record AdamW(
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            boolean decayNormAndBias,
            double clipNorm)
            implements
                OptimizerSettings {
        /** Checks the ranges. */
        public AdamW {
            if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0)) {
                throw new IllegalArgumentException("AdamW has beta1 " + beta1 + ", beta2 " + beta2 + ", epsilon "
                        + epsilon + ", expected betas in [0, 1) and an epsilon above 0");
            }
            requireNotNegative("Weight decay", weightDecay);
            requireNotNegative("Clipping norm", clipNorm);
        }

        /** Betas 0.9 and 0.999, epsilon 1e-8, decay on weights alone, no clipping. */
        public static AdamW of(double weightDecay) {
            return new AdamW(0.9, 0.999, 1e-8, weightDecay, false, 0);
        }

        @Override
        public double momentum() {
            return beta1;
        }

        @Override
        public int stateSlots() {
            return 2;
        }

        @Override
        public IUpdater stockUpdater(double learningRate) {
            return new org.nd4j.linalg.learning.config.Adam(learningRate, beta1, beta2, epsilon);
        }
    }

    private static void requireNotNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", expected a finite number of at least 0");
        }
    }
}
