package org.bame.method;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * Layers whose loss is {@code sum (w_eff - target)^2 / 2} with targets that jitter from step to step, and SGD with momentum
 * and weight decay: enough of a network to run a method on.
 */
public final class FakeNetwork {
    private static final double MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 1e-2;

    private final List<FakeLayer> layers = new ArrayList<>();
    private final SparsityPattern pattern;
    private final long total;
    private long index;

    /** For methods that take the pattern from their context alone. */
    public FakeNetwork(long total, long seed, WeightShape... shapes) {
        this(total, seed, null, shapes);
    }

    public FakeNetwork(long total, long seed, SparsityPattern pattern, WeightShape... shapes) {
        this.total = total;
        this.pattern = pattern;
        for (int i = 0; i < shapes.length; i++) {
            layers.add(new FakeLayer("layer" + i, shapes[i], pattern, LayerRandom.of(seed, i, 0)));
        }
    }

    public List<MaskedLayer> masked() {
        return List.copyOf(layers);
    }

    public FakeLayer layer(int i) {
        return layers.get(i);
    }

    public Step now() {
        return new Step(index, total, 10, 0.05);
    }

    /** The step taken last, of which an evaluation asks for plans. */
    public Step before() {
        return new Step(index - 1, total, 10, 0.05);
    }

    /** The loss that this step's gradients are of, by the weights as they are stored. */
    public double loss() {
        return layers.stream().mapToDouble(layer -> layer.lossAt(now())).sum();
    }

    /** One step in the order that a trainer keeps. */
    public void train(TrainingMethod method) {
        Step step = now();
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).backward(method.plan(i, step), step);
        }
        method.transformGradients(step);
        layers.forEach(layer -> layer.update(step));
        method.afterUpdate(step);
        index++;
    }

    /** Moves the run, weights and optimizer included, to another network and method; returns the network. */
    public FakeNetwork moveTo(TrainingMethod from, TrainingMethod to) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        from.save(new DataOutputStream(bytes));
        FakeNetwork copy = new FakeNetwork(
                total, 77, pattern, layers.stream().map(FakeLayer::shape).toArray(WeightShape[]::new));
        copy.index = index;
        for (int i = 0; i < layers.size(); i++) {
            copy.layers.get(i).weights.copyFrom(layers.get(i).weights);
            copy.layers.get(i).targets.copyFrom(layers.get(i).targets);
            copy.layers.get(i).momentum.copyFrom(layers.get(i).momentum);
        }
        to.attach(copy.masked());
        to.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return copy;
    }

    /** A layer of such a network. */
    public static final class FakeLayer implements MaskedLayer {
        private final String name;
        private final WeightShape shape;
        private final SparsityPattern pattern;
        private final Storage weights;
        private final Storage gradient;
        private final Storage targets;
        private final Storage momentum;

        public FakeLayer(String name, WeightShape shape, SplittableRandom random) {
            this(name, shape, null, random);
        }

        FakeLayer(String name, WeightShape shape, SparsityPattern pattern, SplittableRandom random) {
            this.name = name;
            this.shape = shape;
            this.pattern = pattern;
            this.weights = Storage.allocate(ElementType.FLOAT, shape.size());
            this.gradient = Storage.allocate(ElementType.FLOAT, shape.size());
            this.targets = Storage.allocate(ElementType.FLOAT, shape.size());
            this.momentum = Storage.allocate(ElementType.FLOAT, shape.size());
            for (int i = 0; i < shape.size(); i++) {
                weights.set(i, random.nextDouble() - 0.5);
                targets.set(i, random.nextDouble() - 0.5);
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
        public SparsityPattern pattern() {
            return Objects.requireNonNull(pattern, "make the network with the method's pattern");
        }

        @Override
        public Storage weights() {
            return weights;
        }

        @Override
        public Storage gradient() {
            return gradient;
        }

        public Storage momentum() {
            return momentum;
        }

        @Override
        public void resetOptimizerState(int i) {
            momentum.set(i, 0);
        }

        /** The gradient that a plan leads to at a step. */
        public double[] gradientAt(ProductPlan plan, Step step) {
            SplittableRandom jitter = LayerRandom.of(1, shape.size(), step.index());
            Storage used = plan.effectiveWeights() == null ? weights : plan.effectiveWeights();
            double[] result = new double[shape.size()];
            for (int i = 0; i < shape.size(); i++) {
                double w = keeps(plan.forward(), i) ? used.get(i) : 0;
                double g = w - targets.get(i) - (jitter.nextDouble() - 0.5);
                result[i] = keeps(plan.weightGradient(), i) ? g : 0;
            }
            return result;
        }

        private double lossAt(Step step) {
            double loss = 0;
            for (double g : gradientAt(ProductPlan.DENSE, step)) {
                loss += g * g / 2;
            }
            return loss;
        }

        private void backward(ProductPlan plan, Step step) {
            double[] values = gradientAt(plan, step);
            for (int i = 0; i < values.length; i++) {
                gradient.set(i, values[i]);
            }
        }

        private static boolean keeps(Support support, int i) {
            return !(support instanceof Support.Masked masked) || masked.mask().get(i);
        }

        private void update(Step step) {
            for (int i = 0; i < shape.size(); i++) {
                double g = gradient.get(i) + WEIGHT_DECAY * weights.get(i);
                momentum.set(i, MOMENTUM * momentum.get(i) + g);
                weights.set(i, weights.get(i) - step.learningRate() * momentum.get(i));
            }
        }
    }
}
