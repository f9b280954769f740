package org.bame.baselines;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/** One layer under a quadratic loss with jittering targets and SGD with momentum: enough to run a method on. */
public final class FakeNetwork implements MaskedLayer {
    public static final int STEPS_PER_EPOCH = 5;

    private final WeightShape shape;
    private final SparsityPattern pattern;
    private final long total;
    private final Storage weights;
    private final Storage gradient;
    private final Storage momentum;
    private long index;

    /** For methods that take the pattern from their context alone. */
    public FakeNetwork(long total, WeightShape shape) {
        this(total, shape, null);
    }

    public FakeNetwork(long total, WeightShape shape, SparsityPattern pattern) {
        this.shape = shape;
        this.pattern = pattern;
        this.total = total;
        this.weights = Storage.allocate(ElementType.FLOAT, shape.size());
        this.gradient = Storage.allocate(ElementType.FLOAT, shape.size());
        this.momentum = Storage.allocate(ElementType.FLOAT, shape.size());
        var random = LayerRandom.of(1, 2, 3);
        for (int i = 0; i < shape.size(); i++) {
            weights.set(i, (random.nextDouble() - 0.5) / 10);
        }
    }

    public Step now() {
        return new Step(index, total, STEPS_PER_EPOCH, 0.05);
    }

    public Mask mask(TrainingMethod method) {
        return method.plan(0, now()).forward() instanceof Support.Masked masked ? masked.mask() : Mask.full(shape);
    }

    public void train(TrainingMethod method) {
        double[] gradients = gradientAt(method);
        for (int i = 0; i < shape.size(); i++) {
            gradient.set(i, gradients[i]);
        }
        method.transformGradients(now());
        for (int i = 0; i < shape.size(); i++) {
            momentum.set(i, 0.9 * momentum.get(i) + gradient.get(i) + 1e-2 * weights.get(i));
            weights.set(i, weights.get(i) - 0.05 * momentum.get(i));
        }
        method.afterUpdate(now());
        index++;
    }

    /** What the next step's gradient will be. */
    public double[] gradientAt(TrainingMethod method) {
        ProductPlan plan = method.plan(0, now());
        Storage used = plan.effectiveWeights() == null ? weights : plan.effectiveWeights();
        var jitter = LayerRandom.of(4, 5, index);
        double[] gradients = new double[shape.size()];
        for (int i = 0; i < gradients.length; i++) {
            double g = (keeps(plan.forward(), i) ? used.get(i) : 0) - (jitter.nextDouble() - 0.5) / 10;
            gradients[i] = keeps(plan.weightGradient(), i) ? g : 0;
        }
        return gradients;
    }

    /** The optimizer's state of a weight. */
    public double momentumOf(int i) {
        return momentum.get(i);
    }

    /** Copies run and checkpoint to another network and method. */
    public FakeNetwork moveTo(TrainingMethod from, TrainingMethod to) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        from.save(new DataOutputStream(bytes));
        FakeNetwork copy = new FakeNetwork(total, shape, pattern);
        copy.index = index;
        copy.weights.copyFrom(weights);
        copy.momentum.copyFrom(momentum);
        to.attach(List.of(copy));
        to.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return copy;
    }

    private static boolean keeps(Support support, int i) {
        return !(support instanceof Support.Masked masked) || masked.mask().get(i);
    }

    public float[] weightValues() {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) weights.get(i);
        }
        return values;
    }

    @Override
    public String name() {
        return "layer";
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

    @Override
    public void resetOptimizerState(int i) {
        momentum.set(i, 0);
    }
}
