package org.bame.layer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.method.Preconditioner;

/**
 * The arithmetic of an optimizer on one parameter: replaces gradients by what is to be subtracted from the parameters.
 * Plain loops, without the Vector API, so that the scalar kernels train where that is missing.
 */
sealed interface UpdateRule {
    /** Numbers of the parameter vectors: aligned to their size, and in a form that the compiler turns into vectors. */
    ValueLayout.OfFloat NUMBER = ValueLayout.JAVA_FLOAT;

    /** The rule of some settings. */
    static UpdateRule of(OptimizerSettings settings) {
        return switch (settings) {
            case OptimizerSettings.Sgd sgd -> new Sgd(sgd);
            case OptimizerSettings.AdamW adam -> new AdamW(adam);
        };
    }

    /**
     * Updates one range.
     *
     * @param range where it is
     * @param parameters the graph's parameter vector, FLOAT
     * @param gradients of the mean loss; overwritten by the change
     * @param state of the optimizer; null if it has none
     * @param rate learning rate
     * @param step optimizer steps already taken
     * @param preconditioner of this range; only Adam has one
     */
    void apply(
            ParameterRange range,
            MemorySegment parameters,
            MemorySegment gradients,
            MemorySegment state,
            float rate,
            long step,
            Preconditioner preconditioner);

    /** values = values * factor on one range. */
    static void scale(MemorySegment values, ParameterRange range, float factor) {
        MemorySegment part = slice(values, range.from(), range.count());
        for (long i = 0; i < range.count(); i++) {
            part.setAtIndex(NUMBER, i, part.getAtIndex(NUMBER, i) * factor);
        }
    }

    private static MemorySegment slice(MemorySegment memory, long from, long count) {
        return memory.asSlice(from * Float.BYTES, count * Float.BYTES);
    }

    /** See {@link OptimizerSettings.Sgd}. */
    record Sgd(OptimizerSettings.Sgd settings) implements UpdateRule {
        @Override
        public void apply(
                ParameterRange range,
                MemorySegment parameters,
                MemorySegment gradients,
                MemorySegment state,
                float rate,
                long step,
                Preconditioner preconditioner) {
            long count = range.count();
            MemorySegment g = slice(gradients, range.from(), count);
            if (range.decays() && settings.weightDecay() != 0) {
                decay(slice(parameters, range.from(), count), g, count, (float) settings.weightDecay());
            }
            if (settings.momentum() == 0) {
                scale(gradients, range, rate);
                return;
            }
            MemorySegment v = slice(state, range.state(), count);
            accumulate(g, v, count, (float) settings.momentum(), settings.nesterov(), rate);
        }

        private static void decay(MemorySegment parameters, MemorySegment gradients, long count, float factor) {
            for (long i = 0; i < count; i++) {
                float g = parameters.getAtIndex(NUMBER, i) * factor + gradients.getAtIndex(NUMBER, i);
                gradients.setAtIndex(NUMBER, i, g);
            }
        }

        private static void accumulate(
                MemorySegment gradients, MemorySegment state, long count, float momentum, boolean nesterov,
                float rate) {
            for (long i = 0; i < count; i++) {
                float g = gradients.getAtIndex(NUMBER, i);
                float v = state.getAtIndex(NUMBER, i) * momentum + g;
                state.setAtIndex(NUMBER, i, v);
                gradients.setAtIndex(NUMBER, i, (nesterov ? v * momentum + g : v) * rate);
            }
        }
    }

    /** See {@link OptimizerSettings.AdamW}. */
    record AdamW(OptimizerSettings.AdamW settings) implements UpdateRule {
        @Override
        public void apply(
                ParameterRange range,
                MemorySegment parameters,
                MemorySegment gradients,
                MemorySegment state,
                float rate,
                long step,
                Preconditioner preconditioner) {
            long count = range.count();
            MemorySegment w = slice(parameters, range.from(), count);
            MemorySegment g = slice(gradients, range.from(), count);
            MemorySegment m = slice(state, range.state(), count);
            MemorySegment v = slice(state, range.state() + range.slotStride(), count);
            float decay = range.decays() ? (float) (rate * settings.weightDecay()) : 0;
            float size = (float) (rate / (1 - StrictMath.pow(settings.beta1(), step + 1)));
            switch (preconditioner) {
                case Preconditioner.Adaptive _ -> {
                    double bias = 1 - StrictMath.pow(settings.beta2(), step + 1);
                    adaptive(w, g, m, v, count, decay, size, (float) (1 / Math.sqrt(bias)));
                }
                case Preconditioner.Frozen frozen -> frozen(w, g, m, v, count, decay, size, (float) frozen.epsilon());
            }
        }

        private void adaptive(
                MemorySegment w, MemorySegment g, MemorySegment m, MemorySegment v, long count, float decay, float size,
                float root) {
            float beta1 = (float) settings.beta1();
            float beta2 = (float) settings.beta2();
            float rest1 = (float) (1 - settings.beta1());
            float rest2 = (float) (1 - settings.beta2());
            float epsilon = (float) settings.epsilon();
            for (long i = 0; i < count; i++) {
                float gradient = g.getAtIndex(NUMBER, i);
                float mean = m.getAtIndex(NUMBER, i) * beta1 + gradient * rest1;
                float square = v.getAtIndex(NUMBER, i) * beta2 + gradient * gradient * rest2;
                m.setAtIndex(NUMBER, i, mean);
                v.setAtIndex(NUMBER, i, square);
                float change = mean * size / ((float) Math.sqrt(square) * root + epsilon);
                g.setAtIndex(NUMBER, i, w.getAtIndex(NUMBER, i) * decay + change);
            }
        }

        private void frozen(
                MemorySegment w, MemorySegment g, MemorySegment m, MemorySegment v, long count, float decay, float size,
                float epsilon) {
            float beta1 = (float) settings.beta1();
            float rest1 = (float) (1 - settings.beta1());
            for (long i = 0; i < count; i++) {
                float mean = m.getAtIndex(NUMBER, i) * beta1 + g.getAtIndex(NUMBER, i) * rest1;
                m.setAtIndex(NUMBER, i, mean);
                float change = mean * size / ((float) Math.sqrt(v.getAtIndex(NUMBER, i)) + epsilon);
                g.setAtIndex(NUMBER, i, w.getAtIndex(NUMBER, i) * decay + change);
            }
        }
    }
}
