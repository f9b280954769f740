package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.DataInput;
import java.io.DataOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.bame.RecordChange;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.method.Adaptation;
import org.bame.method.BatchLoss;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.method.bame.BameConfiguration;
import org.bame.method.bame.BameMethod;
import org.bame.sparsity.NmPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** Losses that a method asks for in the middle of a step: true, and without a trace. */
class StepLossTest {
    private static final int SIZE = 8;
    private static final int STEPS = 40;
    private static final NmPattern PATTERN = new NmPattern(2, 4);
    private static Kernels kernels;

    @BeforeAll
    static void start() {
        kernels = KernelProviders.simd(2);
    }

    @AfterAll
    static void stop() {
        kernels.close();
    }

    private static SparseTrainer trainer(TrainingMethod method) {
        OptimizerSettings sgd = new OptimizerSettings.Sgd(0.9, true, 1e-3, false, 0);
        var graph = TestGraphs.init(TestGraphs.residual(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE));
        var schedule = new LearningRateSchedule.Cosine(0.1, 0, 3, STEPS, 1);
        return new SparseTrainer(
                graph, kernels, PATTERN, method, new SparseTrainer.Settings(sgd, schedule, STEPS, 4));
    }

    private static double step(SparseTrainer trainer, int index) {
        return trainer.step(
                TestGraphs.features(DataType.FLOAT, 33, SIZE, index), TestGraphs.labels(DataType.FLOAT, 33, index));
    }

    private static BameMethod bame(int measureEvery) {
        BameConfiguration configuration = RecordChange.of(BameConfiguration.defaults(), "interval", 2);
        configuration = RecordChange.of(configuration, "measureEvery", measureEvery);
        return new BameMethod(configuration, new MethodContext(PATTERN, STEPS, 4, 0.9, 1));
    }

    @Test
    void measuringChangesNothingButItsOwnClock() {
        BameMethod measuring = bame(3);
        BameMethod plain = bame(0);
        SparseTrainer measured = trainer(measuring);
        SparseTrainer twin = trainer(plain);
        List<Adaptation> adaptations = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            assertThat(step(measured, i)).isEqualTo(step(twin, i));
            adaptations.addAll(measuring.drainAdaptations());
        }
        assertThat(LayerSerialisationTest.bits(measured.graph().params()))
                .isEqualTo(LayerSerialisationTest.bits(twin.graph().params()));
        assertThat(LayerSerialisationTest.bits(measured.graph().getUpdater().getStateViewArray()))
                .isEqualTo(LayerSerialisationTest.bits(twin.graph().getUpdater().getStateViewArray()));
        for (int i = 0; i < measured.layers().size(); i++) {
            LayerReport own = measured.layers().get(i);
            LayerReport expected = twin.layers().get(i);
            assertThat(own.images()).isEqualTo(expected.images());
            assertThat(own.forward().macs()).isEqualTo(expected.forward().macs());
            assertThat(own.forward().calls()).isEqualTo(expected.forward().calls());
        }
        assertThat(measured.clocks().nanos(Clock.LOSS_PROBE)).isPositive();
        assertThat(twin.clocks().nanos(Clock.LOSS_PROBE)).isZero();
        // From step 13 on every second step adapts, every third adaptation is measured.
        for (Adaptation adaptation : adaptations) {
            boolean expected = (adaptation.step() - 13) / 2 % 3 == 0;
            assertThat(Double.isNaN(adaptation.measuredLossChange())).isNotEqualTo(expected);
        }
        assertThat(adaptations.stream().mapToDouble(Adaptation::measuredLossChange))
                .anyMatch(change -> Math.abs(change) > 1e-6);
    }

    /** The probe's clock is no training time, and no other clock has its time. */
    @Test
    void probesTakeNoTrainingTime() {
        SparseTrainer trainer = trainer(new Asking(40, loss -> {}));
        step(trainer, 0);
        trainer.clocks().reset();
        long start = System.nanoTime();
        step(trainer, 1);
        long elapsed = System.nanoTime() - start;
        long probes = trainer.clocks().nanos(Clock.LOSS_PROBE);
        assertThat(probes).isPositive();
        assertThat(trainer.clocks().trainingNanos() + probes).isLessThanOrEqualTo(elapsed);
    }

    /** Nor is what a method changes for a loss, and changes back, mask work. */
    @Test
    void changesForALossAreTheProbes() {
        Asking asking = new Asking(1, loss -> {});
        asking.change = new Pausing();
        SparseTrainer trainer = trainer(asking);
        step(trainer, 0);
        assertThat(trainer.clocks().nanos(Clock.LOSS_PROBE)).isGreaterThanOrEqualTo(2 * Pausing.NANOS);
        assertThat(trainer.clocks().nanos(Clock.MASK_WORK)).isLessThan(
                trainer.clocks().nanos(Clock.LOSS_PROBE) - Pausing.NANOS);
    }

    /** The loss is the step's own, and its slope the gradient: so the batch's statistics are those of the step. */
    @Test
    void lossesAreOfTheStepsBatch() {
        List<Double> losses = new ArrayList<>();
        List<Double> slopes = new ArrayList<>();
        Asking asking = new Asking(1, losses::add);
        asking.slopes = slopes;
        SparseTrainer trainer = trainer(asking);
        for (int i = 0; i < 4; i++) {
            double loss = step(trainer, i);
            assertThat(losses.get(i)).isEqualTo(loss, within(1e-5));
        }
        assertThat(slopes).hasSize(8);
        for (int i = 0; i < slopes.size(); i += 2) {
            assertThat(slopes.get(i)).isEqualTo(slopes.get(i + 1), within(0.02 * Math.abs(slopes.get(i + 1))));
        }
    }

    @Test
    void thereIsNoLossOutsideAStep() {
        Asking asking = new Asking(0, loss -> {});
        trainer(asking);
        assertThatThrownBy(asking.loss::ofStoredWeights)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("transformGradients");
    }

    /** A dense method that asks for losses at every step. */
    private static final class Asking implements TrainingMethod {
        private final LayerwiseMethod<DenseLayer> layers;
        private final List<MaskedLayer> masked = new ArrayList<>();
        private final int times;
        private final DoubleConsumer told;
        private List<Double> slopes;
        private BatchLoss.Change change = BatchLoss.Change.NONE;
        private BatchLoss loss;

        Asking(int times, DoubleConsumer told) {
            this.times = times;
            this.told = told;
            this.layers = new LayerwiseMethod<>("asking", "", (index, layer) -> new DenseLayer(layer));
        }

        @Override
        public void measureBy(BatchLoss batchLoss) {
            loss = batchLoss;
        }

        @Override
        public void attach(List<MaskedLayer> attached) {
            masked.addAll(attached);
            layers.attach(attached);
        }

        @Override
        public ProductPlan plan(int layer, Step step) {
            return ProductPlan.DENSE;
        }

        @Override
        public void transformGradients(Step step) {
            for (int i = 0; i < times; i++) {
                told.accept(loss.during(change));
            }
            if (slopes != null) {
                slopes.add((along(2e-3) - along(-2e-3)) / 4e-3);
                slopes.add(norm());
            }
        }

        /** The loss some way along the gradient of the first layer. */
        private double along(double way) {
            MaskedLayer layer = masked.getFirst();
            int size = layer.shape().size();
            double[] before = new double[size];
            for (int i = 0; i < size; i++) {
                before[i] = layer.weights().get(i);
                layer.weights().set(i, before[i] + way * layer.gradient().get(i) / norm());
            }
            double there = loss.ofStoredWeights();
            for (int i = 0; i < size; i++) {
                layer.weights().set(i, before[i]);
            }
            return there;
        }

        /** Of the first layer's gradient: the loss's slope along it. */
        private double norm() {
            MaskedLayer layer = masked.getFirst();
            double squares = 0;
            for (int i = 0; i < layer.shape().size(); i++) {
                squares += layer.gradient().get(i) * layer.gradient().get(i);
            }
            return Math.sqrt(squares);
        }

        @Override
        public void afterUpdate(Step step) {
            layers.afterUpdate(step);
        }

        @Override
        public List<LayerStatistics> statistics() {
            return layers.statistics();
        }

        @Override
        public List<Adaptation> drainAdaptations() {
            return List.of();
        }

        @Override
        public void save(DataOutput out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(DataInput in) {
            throw new UnsupportedOperationException();
        }
    }

    /** A change that takes its time and changes nothing. */
    private static final class Pausing implements BatchLoss.Change {
        static final long NANOS = 100_000_000;

        @Override
        public void make() {
            long end = System.nanoTime() + NANOS;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void undo() {
            make();
        }
    }

    private record DenseLayer(MaskedLayer layer) implements LayerMethod {
        @Override
        public ProductPlan plan(Step step) {
            return ProductPlan.DENSE;
        }

        @Override
        public LayerStatistics drainStatistics() {
            return new LayerStatistics(layer.name(), 1, 0, 0, 0, 1);
        }

        @Override
        public void save(DataOutput out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(DataInput in) {
            throw new UnsupportedOperationException();
        }
    }
}
