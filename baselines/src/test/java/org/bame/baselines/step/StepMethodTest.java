package org.bame.baselines.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.kernel.ElementType;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.bame.kernel.Storage;
import org.bame.layer.AveragePoolVertex;
import org.bame.layer.BlockEntryVertex;
import org.bame.layer.BlockExitVertex;
import org.bame.layer.KernelConvolution;
import org.bame.layer.KernelLinear;
import org.bame.layer.LearningRateSchedule;
import org.bame.layer.OptimizerSettings;
import org.bame.layer.SmoothedCrossEntropy;
import org.bame.layer.SparseTrainer;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.Optimizer;
import org.bame.method.Preconditioner;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** STEP in a real trainer against a calculation of its own in double precision, from the same gradients. */
class StepMethodTest {
    private static final NmPattern PATTERN = new NmPattern(1, 4);
    private static final int STEPS = 24;
    private static final double RATE = 0.01;
    private static final double DECAY = 0.1;
    /** Large, so that its power 3/4 and its place show. The window has 4 changes. */
    private static final Optimizer.AdamW ADAM = new Optimizer.AdamW(0.8, 0.75, 1e-4);
    private static final int FILTERS = 8;
    private static final int INPUTS = 4;

    /** The least share fixes the switch at step 9 by whatever threshold; at most 8 + 1 steps are dense. */
    private static final StepConfiguration FIXED =
            configuration(8.0 / STEPS, 8.0 / STEPS, StepConfiguration.Mean.ARITHMETIC);

    private final Kernels kernels = new ScalarKernels();

    private static MethodContext context(NmPattern pattern, Optimizer optimizer) {
        return new MethodContext(pattern, STEPS, 6, optimizer, 1);
    }

    private static StepConfiguration configuration(double min, double max, StepConfiguration.Mean mean) {
        return new StepConfiguration(min, max, mean);
    }

    private SparseTrainer trainer(TrainingMethod method, NmPattern pattern) {
        OptimizerSettings settings =
                new OptimizerSettings.AdamW(ADAM.beta1(), ADAM.beta2(), ADAM.epsilon(), DECAY, false, 0);
        var configuration = new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.FLOAT)
                .updater(settings.stockUpdater(RATE))
                .graphBuilder()
                .addInputs("images")
                .setInputTypes(InputType.convolutional(5, 5, INPUTS))
                .addVertex("entry", new BlockEntryVertex(), "images")
                .addLayer("conv", new KernelConvolution(LayerKind.CONV3X3, FILTERS, 3, 1, 1), "entry")
                .addVertex("pool", new AveragePoolVertex(), "conv")
                .addLayer("classifier", new KernelLinear(LayerKind.CLASSIFIER, 3), "pool")
                .addVertex("exit", new BlockExitVertex(), "classifier")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(new SmoothedCrossEntropy(0)).activation(Activation.IDENTITY).build(),
                        "exit")
                .setOutputs("loss")
                .build();
        return new SparseTrainer(
                new ComputationGraph(configuration),
                kernels,
                pattern,
                method,
                new SparseTrainer.Settings(settings, new LearningRateSchedule.Constant(RATE), STEPS, 6));
    }

    private static INDArray features(int step) {
        Random random = new Random(step % 3);
        return Nd4j.create(random.doubles(6L * INPUTS * 25, -1, 1).toArray(), new long[]{6, INPUTS, 5, 5},
                DataType.FLOAT);
    }

    private static void step(SparseTrainer trainer) {
        int step = (int) trainer.stepIndex();
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 6, 3);
        for (int i = 0; i < 6; i++) {
            labels.putScalar(i, (i + step) % 3, 1);
        }
        trainer.step(features(step), labels);
    }

    private static double[] weights(SparseTrainer trainer) {
        return trainer.graph().getParam("conv_W").dup('c').reshape(new long[]{FILTERS * 9 * INPUTS}).toDoubleVector();
    }

    private static double[] classifier(SparseTrainer trainer) {
        return trainer.graph().getParam("classifier_W").dup('c').reshape(new long[]{3 * FILTERS}).toDoubleVector();
    }

    /**
     * Phase 1 is AdamW; phase 2 has w -= rate (decay w + m / (1 - beta1^t) / (sqrt(v) + epsilon^(3/4))) with the v of the last
     * step of phase 1; the mask keeps the largest of each 4; the classifier goes on with AdamW.
     */
    @Test
    void trainsAsThePaperSays() {
        GradientProbe probe = new GradientProbe(new StepMethod(FIXED, context(PATTERN, ADAM), ADAM));
        SparseTrainer trainer = trainer(probe, PATTERN);
        double[] w = weights(trainer);
        double[] m = new double[w.length];
        double[] v = new double[w.length];
        for (int t = 1; t <= STEPS; t++) {
            double[] before = w.clone();
            step(trainer);
            boolean sparse = t > 9;
            assertThat(trainer.layers().getFirst().forward().density()).as("step %d", t).isEqualTo(sparse ? 0.25 : 1);
            if (sparse) {
                assertThat(probe.mask()).as("step %d", t).isEqualTo(largestOfFour(before));
            }
            for (int i = 0; i < w.length; i++) {
                double g = probe.gradient()[i];
                m[i] = ADAM.beta1() * m[i] + (1 - ADAM.beta1()) * g;
                v[i] = sparse ? v[i] : ADAM.beta2() * v[i] + (1 - ADAM.beta2()) * g * g;
                double mean = m[i] / (1 - Math.pow(ADAM.beta1(), t));
                double root = sparse
                        ? Math.sqrt(v[i]) + Math.pow(ADAM.epsilon(), 0.75)
                        : Math.sqrt(v[i] / (1 - Math.pow(ADAM.beta2(), t))) + ADAM.epsilon();
                w[i] -= RATE * (DECAY * w[i] + mean / root);
            }
            double[] got = weights(trainer);
            for (int i = 0; i < w.length; i++) {
                assertThat(got[i]).as("step %d, weight %d", t, i).isCloseTo(w[i], within(2e-5));
            }
            w = got;
        }
        assertThat(probe.inner().phases().firstSparseStep()).isEqualTo(9);
    }

    /** Of the optimizer's two numbers a parameter, phase 2 leaves alone the second moments of the convolution, and no others. */
    @Test
    void onlyTheSecondMomentsOfMaskedLayersAreFrozen() {
        SparseTrainer trainer = trainer(new StepMethod(FIXED, context(PATTERN, ADAM), ADAM), PATTERN);
        for (int t = 1; t <= 12; t++) {
            float[] before = trainer.graph().getUpdater().getStateViewArray().dup().data().asFloat();
            step(trainer);
            float[] after = trainer.graph().getUpdater().getStateViewArray().dup().data().asFloat();
            int same = 0;
            for (int i = 0; i < before.length; i++) {
                same += before[i] == after[i] ? 1 : 0;
            }
            assertThat(same).as("step %d", t).isEqualTo(t > 9 ? FILTERS * 9 * INPUTS : 0);
        }
    }

    private static boolean[] largestOfFour(double[] weights) {
        boolean[] kept = new boolean[weights.length];
        for (int block = 0; block < weights.length; block += 4) {
            int best = block;
            for (int i = block + 1; i < block + 4; i++) {
                best = Math.abs(weights[i]) > Math.abs(weights[best]) ? i : best;
            }
            kept[best] = true;
        }
        return kept;
    }

    /**
     * By hand, with a window of one change and epsilon 1. The second moments of 8 weights change by the first number, those of
     * 16 by the second: 4, 4 has the means 4 and 4; 4, 1/4 has (8 * 4 + 16 / 4) / 24 = 1.5 and (4 * 1/16)^(1/3) = 0.63; 1.4,
     * 0.7 has 0.93 and 0.88.
     */
    @ParameterizedTest
    @CsvSource({"ARITHMETIC, 3", "GEOMETRIC, 2"})
    void dataDecideWhenPhaseOneEnds(StepConfiguration.Mean mean, long expected) {
        Optimizer.AdamW adam = new Optimizer.AdamW(0.9, 0, 1);
        StepMethod method = new StepMethod(configuration(0, 0.9, mean), context(PATTERN, adam), adam);
        MovedMoments first = new MovedMoments(WeightShape.linear(2, 4));
        MovedMoments second = new MovedMoments(WeightShape.linear(4, 4));
        method.attach(List.of(first, second));
        double[][] changes = {{4, 4}, {4, 0.25}, {1.4, 0.7}, {0, 0}};
        for (int i = 0; i < changes.length; i++) {
            Step step = new Step(i, STEPS, 6, RATE);
            method.transformGradients(step);
            first.move(changes[i][0]);
            second.move(changes[i][1]);
            method.afterUpdate(step);
        }
        assertThat(method.phases().firstSparseStep()).isEqualTo(expected);
        assertThat(method.preconditioner(new Step(expected - 1, STEPS, 6, RATE))).isEqualTo(Preconditioner.ADAPTIVE);
        assertThat(method.preconditioner(new Step(expected, STEPS, 6, RATE))).isEqualTo(new Preconditioner.Frozen(1));
    }

    /** A layer whose second moments a test moves, every other one up and down. */
    private static final class MovedMoments implements MaskedLayer {
        private final WeightShape shape;
        private final Storage moments;
        private final Storage rest;

        MovedMoments(WeightShape shape) {
            this.shape = shape;
            this.moments = Storage.allocate(ElementType.FLOAT, shape.size());
            this.rest = Storage.allocate(ElementType.FLOAT, shape.size());
        }

        void move(double change) {
            for (int i = 0; i < moments.size(); i++) {
                moments.set(i, moments.get(i) + (i % 2 == 0 ? change : -change));
            }
        }

        @Override
        public SparsityPattern pattern() {
            return PATTERN;
        }

        @Override
        public String name() {
            return shape.toString();
        }

        @Override
        public WeightShape shape() {
            return shape;
        }

        @Override
        public Storage weights() {
            return rest;
        }

        @Override
        public Storage gradient() {
            return rest;
        }

        @Override
        public void resetOptimizerState(int index) {
            moments.set(index, 0);
        }

        @Override
        public Optional<Storage> secondMoment() {
            return Optional.of(moments);
        }
    }

    @Test
    void anEvaluationBehindTheSwitchIsStillOfPhaseOne() {
        StepMethod method = new StepMethod(FIXED, context(PATTERN, ADAM), ADAM);
        SparseTrainer trainer = trainer(method, PATTERN);
        for (int t = 0; t < 9; t++) {
            step(trainer);
        }
        assertThat(method.phases().decided()).isTrue();
        double[] logits = trainer.logits(features(0)).reshape(new long[]{18}).toDoubleVector();
        assertThat(trainer.graph().outputSingle(features(0)).reshape(new long[]{18}).toDoubleVector()).isEqualTo(
                logits);
        assertThat(method.plan(0, new Step(8, STEPS, 6, RATE)).forward()).isEqualTo(Support.DENSE);
        assertThat(method.plan(0, new Step(9, STEPS, 6, RATE)).forward()).isNotEqualTo(Support.DENSE);
    }

    /** In the middle of phase 1, just behind the decision, and in phase 2; outputs alone and in groups. */
    @Test
    void aResumedRunEndsBitIdentical(@TempDir Path folder) throws IOException {
        for (NmPattern pattern : List.of(PATTERN, NmPattern.parse("2:4/g4"))) {
            for (int saved : List.of(4, 9, 15)) {
                SparseTrainer whole = trainer(new StepMethod(FIXED, context(pattern, ADAM), ADAM), pattern);
                while (whole.stepIndex() < saved) {
                    step(whole);
                }
                Path file = folder.resolve("checkpoint.zip");
                whole.save(file);
                SparseTrainer resumed = trainer(new StepMethod(FIXED, context(pattern, ADAM), ADAM), pattern);
                step(resumed);
                resumed = trainer(new StepMethod(FIXED, context(pattern, ADAM), ADAM), pattern);
                resumed.restore(file);
                while (whole.stepIndex() < STEPS) {
                    step(whole);
                    step(resumed);
                }
                assertThat(weights(resumed)).isEqualTo(weights(whole));
                assertThat(classifier(resumed)).isEqualTo(classifier(whole));
                assertThat(resumed.method().statistics()).isEqualTo(whole.method().statistics());
            }
        }
    }

    @Test
    void costsAreDenseAndThenSrSte() {
        StepMethodFactory factory = new StepMethodFactory();
        CostModel planned = factory.costs(StepConfiguration.defaults(), context(PATTERN, ADAM));
        for (Account account : Account.values()) {
            assertThat(planned.at(account, 12)).isEqualTo(CostVector.DENSE);
        }
        assertThat(planned.at(Account.PAPER, 13)).isEqualTo(new CostVector(0.25, 1, 1));
        assertThat(planned.at(Account.CPU_EXECUTED, 13)).isEqualTo(new CostVector(0.25, 0.25, 1));
        assertThat(planned.at(Account.NM_HARDWARE, 13)).isEqualTo(new CostVector(0.25, 1, 1));
        assertThat(planned.deployedDensity()).isEqualTo(0.25);

        StepMethod method = new StepMethod(FIXED, context(PATTERN, ADAM), ADAM);
        SparseTrainer trainer = trainer(method, PATTERN);
        assertThat(method.costs(planned)).isSameAs(planned);
        while (trainer.stepIndex() < 9) {
            step(trainer);
        }
        CostModel actual = method.costs(planned);
        assertThat(actual.at(Account.PAPER, 8)).isEqualTo(CostVector.DENSE);
        assertThat(actual.at(Account.PAPER, 9)).isEqualTo(new CostVector(0.25, 1, 1));
    }

    @Test
    void phaseOneCountsEveryWeightAsActiveAndNoFlips() {
        StepMethod method = new StepMethod(FIXED, context(PATTERN, ADAM), ADAM);
        SparseTrainer trainer = trainer(method, PATTERN);
        while (trainer.stepIndex() < 5) {
            step(trainer);
        }
        assertThat(method.statistics()).singleElement().satisfies(layer -> {
            assertThat(layer.density()).isEqualTo(1);
            assertThat(layer.maskUpdates()).isZero();
            assertThat(layer.everActiveShare()).isEqualTo(1);
        });
        while (trainer.stepIndex() < STEPS) {
            step(trainer);
        }
        assertThat(method.statistics()).singleElement().satisfies(layer -> {
            assertThat(layer.density()).isEqualTo(0.25);
            assertThat(layer.maskUpdates()).isEqualTo(STEPS - 9 - 1);
            assertThat(layer.flipRate()).isPositive();
        });
    }

    @Test
    void badConfigurationsAreToldAllAtOnce() {
        StepMethodFactory factory = new StepMethodFactory();
        MethodContext sgd = new MethodContext(PATTERN, STEPS, 6, 0.9, 1);
        assertThat(factory.problems(configuration(0.6, 1, StepConfiguration.Mean.ARITHMETIC), sgd))
                .anySatisfy(text -> assertThat(text).contains("maxFraction is 1.0", "below 1"))
                .anySatisfy(text -> assertThat(text).contains("leaves phase 2 none"))
                .anySatisfy(text -> assertThat(text).contains("optimizer is sgd", "recipe.optimizer=adamW"));
        assertThat(factory.problems(
                configuration(0.6, 0.5, StepConfiguration.Mean.ARITHMETIC), context(PATTERN, ADAM)))
                .containsExactly("minFraction is 0.6, expected 0 to maxFraction (0.5)");
        assertThat(factory.problems(configuration(Double.NaN, 0.5, StepConfiguration.Mean.ARITHMETIC), sgd)).hasSize(2);
        assertThat(factory.problems(factory.defaults(), context(PATTERN, ADAM))).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.create(factory.defaults(), sgd))
                .withMessageContaining("expected adamW");
    }
}
