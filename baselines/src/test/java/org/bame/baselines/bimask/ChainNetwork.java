package org.bame.baselines.bimask;

import java.util.List;
import java.util.function.Function;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * Two linear layers without activation under a quadratic loss, one random sample a step, plain SGD: the smallest network in
 * which an input gradient, and so its mask, matters.
 */
final class ChainNetwork {
    static final int WIDTH = 8;
    static final double LEARNING_RATE = 0.05;

    private final Function<ProductPlan, Support> inputGradientSupport;
    private final Layer first = new Layer("first", initialWeights()[0]);
    private final Layer second = new Layer("second", initialWeights()[1]);

    /**
     * A network.
     *
     * @param inputGradientSupport what of a plan the input gradient obeys
     */
    ChainNetwork(Function<ProductPlan, Support> inputGradientSupport) {
        this.inputGradientSupport = inputGradientSupport;
    }

    /** Weights of both layers, {@code [output][input]}. */
    static float[][] initialWeights() {
        var random = LayerRandom.of(1, 0, 0);
        float[][] weights = new float[2][WIDTH * WIDTH];
        for (float[] layer : weights) {
            for (int i = 0; i < layer.length; i++) {
                layer[i] = (float) (random.nextDouble() - 0.5);
            }
        }
        return weights;
    }

    /** Input and target of a step. */
    static double[][] sample(long step) {
        var random = LayerRandom.of(8, 9, step);
        return new double[][]{random.doubles(WIDTH, -1, 1).toArray(), random.doubles(WIDTH, -1, 1).toArray()};
    }

    /** All weights behind the last step, the first layer's first. */
    float[] train(TrainingMethod method, int steps) {
        method.attach(List.of(first, second));
        for (int index = 0; index < steps; index++) {
            step(method, new Step(index, steps, steps, LEARNING_RATE));
        }
        float[] weights = new float[2 * WIDTH * WIDTH];
        for (int i = 0; i < weights.length; i++) {
            Layer layer = i < WIDTH * WIDTH ? first : second;
            weights[i] = (float) layer.weights.get(i % (WIDTH * WIDTH));
        }
        return weights;
    }

    private void step(TrainingMethod method, Step step) {
        double[][] sample = sample(step.index());
        ProductPlan plan = method.plan(1, step);
        double[] hidden = first.forward(method.plan(0, step).forward(), sample[0]);
        double[] dy = second.forward(plan.forward(), hidden);
        for (int i = 0; i < WIDTH; i++) {
            dy[i] -= sample[1][i];
        }
        second.weightGradient(dy, hidden);
        first.weightGradient(second.inputGradient(inputGradientSupport.apply(plan), dy), sample[0]);
        method.transformGradients(step);
        first.update();
        second.update();
        method.afterUpdate(step);
    }

    private static final class Layer implements MaskedLayer {
        private final String name;
        private final WeightShape shape = WeightShape.linear(WIDTH, WIDTH);
        private final Storage weights = Storage.allocate(ElementType.FLOAT, shape.size());
        private final Storage gradient = Storage.allocate(ElementType.FLOAT, shape.size());

        Layer(String name, float[] initial) {
            this.name = name;
            for (int i = 0; i < initial.length; i++) {
                weights.set(i, initial[i]);
            }
        }

        double[] forward(Support support, double[] x) {
            double[] y = new double[WIDTH];
            for (int i = 0; i < shape.size(); i++) {
                y[i / WIDTH] += used(support, i) * x[i % WIDTH];
            }
            return y;
        }

        double[] inputGradient(Support support, double[] dy) {
            double[] dx = new double[WIDTH];
            for (int i = 0; i < shape.size(); i++) {
                dx[i % WIDTH] += used(support, i) * dy[i / WIDTH];
            }
            return dx;
        }

        private double used(Support support, int i) {
            boolean kept = !(support instanceof Support.Masked masked) || masked.mask().get(i);
            return kept ? weights.get(i) : 0;
        }

        void weightGradient(double[] dy, double[] x) {
            for (int i = 0; i < shape.size(); i++) {
                gradient.set(i, dy[i / WIDTH] * x[i % WIDTH]);
            }
        }

        void update() {
            for (int i = 0; i < shape.size(); i++) {
                weights.set(i, weights.get(i) - LEARNING_RATE * gradient.get(i));
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public WeightShape shape() {
            return shape;
        }

        @Override
        public Storage weights() {
            return weights;
        }

        @Override
        public Storage gradient() {
            return gradient;
        }

        @Override
        public void resetOptimizerState(int index) {
            // Plain SGD has none.
        }
    }
}
