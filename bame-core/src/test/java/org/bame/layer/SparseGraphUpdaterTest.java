package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.bame.sparsity.NmPattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The optimizer inside a graph against the textbook sequence, computed here in double precision from the same
 * gradients.
 */
class SparseGraphUpdaterTest {
    private static final int SIZE = 6;
    private static final double RATE = 0.05;
    private static final INDArray FEATURES = TestGraphs.features(DataType.FLOAT, 17, SIZE, 1);
    private static final INDArray LABELS = TestGraphs.labels(DataType.FLOAT, 17, 2);

    private final Kernels kernels = new ScalarKernels();

    private SparseTrainer trainer(OptimizerSettings optimizer) {
        ComputationGraph graph = TestGraphs.init(
                TestGraphs.residual(DataType.FLOAT, optimizer.stockUpdater(RATE), SIZE));
        return new SparseTrainer(
                graph,
                kernels,
                new NmPattern(2, 4),
                null,
                new SparseTrainer.Settings(optimizer, new LearningRateSchedule.Constant(RATE), 100, 10));
    }

    /** Mean gradients of a graph with these parameters, by a second graph without an updater of ours. */
    private Map<String, double[]> gradients(INDArray parameters) {
        ComputationGraph graph =
                TestGraphs.init(TestGraphs.residual(DataType.FLOAT, new Sgd(1), SIZE));
        KernelSession.attach(graph, kernels);
        graph.params().assign(parameters);
        graph.setInput(0, FEATURES);
        graph.setLabel(0, LABELS);
        graph.computeGradientAndScore();
        Map<String, double[]> result = new LinkedHashMap<>();
        graph.gradient().gradientForVariable().forEach((name, gradient) -> {
            double[] values = gradient.reshape(new long[]{gradient.length()}).toDoubleVector();
            boolean statistic = name.endsWith("_mean") || name.endsWith("_var");
            for (int i = 0; i < values.length && !statistic; i++) {
                values[i] /= 17;
            }
            result.put(name, values);
        });
        return result;
    }

    private void followsTextbook(OptimizerSettings.Sgd sgd) {
        SparseTrainer trainer = trainer(sgd);
        Map<String, double[]> velocity = new LinkedHashMap<>();
        for (int step = 0; step < 4; step++) {
            Map<String, INDArray> before = copy(trainer.graph().paramTable());
            Map<String, double[]> gradients = gradients(trainer.graph().params());
            double norm = Math.sqrt(gradients.entrySet().stream()
                    .filter(e -> !e.getKey().endsWith("_mean") && !e.getKey().endsWith("_var"))
                    .flatMapToDouble(e -> java.util.Arrays.stream(e.getValue()))
                    .map(g -> g * g)
                    .sum());
            double clip = sgd.clipNorm() > 0 && norm > sgd.clipNorm() ? sgd.clipNorm() / norm : 1;
            trainer.step(FEATURES, LABELS);

            trainer.graph().paramTable().forEach((name, after) -> {
                double[] g = gradients.get(name);
                double[] v = velocity.computeIfAbsent(name, n -> new double[g.length]);
                INDArray old = before.get(name).reshape(new long[]{g.length});
                INDArray now = after.reshape(new long[]{g.length});
                boolean statistic = name.endsWith("_mean") || name.endsWith("_var");
                boolean decays = name.endsWith("_W") || sgd.decayNormAndBias();
                for (int i = 0; i < g.length; i++) {
                    double w = old.getDouble(i);
                    double expected = w - g[i];
                    if (!statistic) {
                        double total = clip * g[i] + (decays ? sgd.weightDecay() * w : 0);
                        v[i] = sgd.momentum() * v[i] + total;
                        expected = w - RATE * (sgd.nesterov() ? total + sgd.momentum() * v[i] : v[i]);
                    }
                    assertThat(now.getDouble(i))
                            .as("%s[%d]", name, i)
                            .isCloseTo(expected, within(2e-6 * Math.max(1, Math.abs(expected))));
                }
            });
        }
    }

    private static Map<String, INDArray> copy(Map<String, INDArray> table) {
        Map<String, INDArray> copy = new LinkedHashMap<>();
        table.forEach((name, array) -> copy.put(name, array.dup('c')));
        return copy;
    }

    @Test
    void heavyBallWithDecayOnWeightsAlone() {
        followsTextbook(OptimizerSettings.Sgd.of(0.9, 0.05));
    }

    @Test
    void nesterovWithDecayOnEverything() {
        followsTextbook(new OptimizerSettings.Sgd(0.9, true, 0.05, true, 0));
    }

    @Test
    void plainDescentWithClipping() {
        followsTextbook(new OptimizerSettings.Sgd(0, false, 0, false, 0.25));
    }

    @Test
    void adamFirstStepIsTheRateTimesTheSign() {
        SparseTrainer trainer = trainer(OptimizerSettings.AdamW.of(0.1));
        INDArray before = trainer.graph().getParam("one-a_W").dup('c');
        double[] gradient = gradients(trainer.graph().params()).get("one-a_W");
        trainer.step(FEATURES, LABELS);
        INDArray after = trainer.graph().getParam("one-a_W").dup('c');
        for (int i = 0; i < gradient.length; i++) {
            double w = before.reshape(new long[]{gradient.length}).getDouble(i);
            double expected = w - RATE * 0.1 * w - RATE * gradient[i] / (Math.abs(gradient[i]) + 1e-8);
            assertThat(after.reshape(new long[]{gradient.length}).getDouble(i)).isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void adamWithDecoupledDecayFollowsTheTextbook() {
        followsTextbook(OptimizerSettings.AdamW.of(0.1));
    }

    private void followsTextbook(OptimizerSettings.AdamW adam) {
        SparseTrainer trainer = trainer(adam);
        Map<String, double[]> means = new LinkedHashMap<>();
        Map<String, double[]> squares = new LinkedHashMap<>();
        for (int step = 1; step <= 4; step++) {
            int t = step;
            Map<String, INDArray> before = copy(trainer.graph().paramTable());
            Map<String, double[]> gradients = gradients(trainer.graph().params());
            trainer.step(FEATURES, LABELS);
            trainer.graph().paramTable().forEach((name, after) -> {
                if (name.endsWith("_mean") || name.endsWith("_var")) {
                    return;
                }
                double[] g = gradients.get(name);
                double[] m = means.computeIfAbsent(name, n -> new double[g.length]);
                double[] v = squares.computeIfAbsent(name, n -> new double[g.length]);
                INDArray old = before.get(name).reshape(new long[]{g.length});
                INDArray now = after.reshape(new long[]{g.length});
                double decay = name.endsWith("_W") ? adam.weightDecay() : 0;
                for (int i = 0; i < g.length; i++) {
                    m[i] = adam.beta1() * m[i] + (1 - adam.beta1()) * g[i];
                    v[i] = adam.beta2() * v[i] + (1 - adam.beta2()) * g[i] * g[i];
                    double mean = m[i] / (1 - Math.pow(adam.beta1(), t));
                    double square = v[i] / (1 - Math.pow(adam.beta2(), t));
                    double w = old.getDouble(i);
                    double expected = w - RATE * decay * w - RATE * mean / (Math.sqrt(square) + adam.epsilon());
                    assertThat(now.getDouble(i))
                            .as("step %d, %s[%d]", t, name, i)
                            .isCloseTo(expected, within(2e-6 * Math.max(1, Math.abs(expected))));
                }
            });
        }
    }

    @Test
    void stateOfAnotherSizeIsRefused() {
        ComputationGraph graph = TestGraphs.init(TestGraphs.residual(DataType.FLOAT, new Sgd(0.1), SIZE));
        var settings = new SparseTrainer.Settings(
                OptimizerSettings.Sgd.of(0.9, 0), new LearningRateSchedule.Constant(0.1), 10, 10);
        assertThatThrownBy(() -> new SparseTrainer(graph, kernels, new NmPattern(2, 4), null, settings))
                .hasMessageContaining("stockUpdater");
    }

    @Test
    void fitBesideTheTrainerIsRefused() {
        SparseTrainer trainer = trainer(OptimizerSettings.Sgd.of(0.9, 0));
        assertThatThrownBy(() -> trainer.graph().fit(new INDArray[]{FEATURES}, new INDArray[]{LABELS}))
                .hasMessageContaining("step()");
        trainer.close();
        trainer.graph().fit(new INDArray[]{FEATURES}, new INDArray[]{LABELS});
        assertThat(trainer.graph().score()).isFinite();
    }

    @Test
    void cosineScheduleWarmsUpFromZeroAndEndsAtTheMinimum() {
        var schedule = new LearningRateSchedule.Cosine(0.1, 0.01, 10, 110, 1);
        assertThat(schedule.rate(0)).isZero();
        assertThat(schedule.rate(5)).isCloseTo(0.05, within(1e-12));
        assertThat(schedule.rate(10)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.rate(60)).isCloseTo(0.055, within(1e-12));
        assertThat(schedule.rate(110)).isCloseTo(0.01, within(1e-12));
        var held = new LearningRateSchedule.Cosine(0.1, 0, 0, 100, 10);
        assertThat(held.rate(19)).isEqualTo(held.rate(10)).isLessThan(held.rate(9));
    }

    @Test
    void aScheduleMayBeginAgain() {
        var once = new LearningRateSchedule.Cosine(0.1, 0.01, 10, 110, 1);
        var restarted = new LearningRateSchedule.Restarted(once, 110);
        assertThat(restarted.rate(109)).isEqualTo(once.rate(109)).isLessThan(0.0101);
        assertThat(restarted.rate(110)).isZero();
        assertThat(restarted.rate(120)).isEqualTo(0.1);
        assertThat(restarted.rate(280)).isEqualTo(once.rate(60));
        assertThatThrownBy(() -> new LearningRateSchedule.Restarted(once, 0)).hasMessageContaining("0 steps");
    }
}
