package org.bame.layer;

/** Learning rate of every optimizer step. */
public sealed interface LearningRateSchedule {
    /**
     * Rate of a step.
     *
     * @param step optimizer steps already taken, from 0
     */
    double rate(long step);

    /**
     * The same rate throughout.
     *
     * @param rate at least 0
     */
    record Constant(double rate) implements LearningRateSchedule {
        /** Checks the rate. */
        public Constant {
            requireRate("Learning rate", rate);
        }

        @Override
        public double rate(long step) {
            return rate;
        }
    }

    /**
     * Linear warm-up from 0 (step {@code s} has {@code baseRate * s / warmUpSteps}), then half a cosine from the base
     * rate to the minimum at the end.
     *
     * @param baseRate after the warm-up
     * @param minimumRate at {@code totalSteps}
     * @param warmUpSteps steps of the warm-up, 0 for none
     * @param totalSteps steps of the run, warm-up included
     * @param holdSteps the cosine changes every so many steps: 1, or the steps of an epoch
     */
    record Cosine(double baseRate, double minimumRate, long warmUpSteps, long totalSteps, int holdSteps)
            implements
                LearningRateSchedule {
        /** Checks the ranges. */
        public Cosine {
            requireRate("Base rate", baseRate);
            requireRate("Minimum rate", minimumRate);
            if (warmUpSteps < 0 || totalSteps <= warmUpSteps || holdSteps < 1) {
                throw new IllegalArgumentException("Cosine schedule has " + warmUpSteps + " warm-up steps of "
                        + totalSteps + " and changes every " + holdSteps
                        + " steps; expected 0 <= warm-up < total, and at least 1");
            }
        }

        @Override
        public double rate(long step) {
            if (step < warmUpSteps) {
                return baseRate * step / warmUpSteps;
            }
            long held = (step - warmUpSteps) / holdSteps * holdSteps;
            double progress = Math.min(1, (double) held / (totalSteps - warmUpSteps));
            return minimumRate + (baseRate - minimumRate) * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
        }
    }

    /**
     * A schedule that begins again and again.
     *
     * @param cycle one time
     * @param cycleSteps steps of it
     */
    record Restarted(LearningRateSchedule cycle, long cycleSteps) implements LearningRateSchedule {
        /** Checks the length. */
        public Restarted {
            if (cycleSteps < 1) {
                throw new IllegalArgumentException(
                        "Schedule begins again every " + cycleSteps + " steps, expected at least 1");
            }
        }

        @Override
        public double rate(long step) {
            return cycle.rate(step % cycleSteps);
        }
    }

    private static void requireRate(String name, double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException(name + " is " + rate + ", expected a finite number of at least 0");
        }
    }
}
