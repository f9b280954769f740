package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bame.RecordChange;
import org.bame.flops.FlopsAccount;
import org.bame.flops.LayerSparsity;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.Product;
import org.bame.method.MethodContext;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.method.bame.BameConfiguration;
import org.bame.method.bame.BameMethod;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.WeightShape;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** A whole training run in small: masks, momentum, resume, repeatability, meters. */
class SparseTrainerTest {
    private static final int SIZE = 8;
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
        return trainer(method, kernels);
    }

    private static SparseTrainer trainer(TrainingMethod method, Kernels provider) {
        return trainer(method, PATTERN, provider);
    }

    private static SparseTrainer trainer(TrainingMethod method, SparsityPattern pattern, Kernels provider) {
        OptimizerSettings sgd = new OptimizerSettings.Sgd(0.9, true, 1e-3, false, 0);
        ComputationGraph graph =
                TestGraphs.init(TestGraphs.residual(DataType.FLOAT, sgd.stockUpdater(0.1), SIZE));
        var schedule = new LearningRateSchedule.Cosine(0.1, 0, 3, 40, 1);
        return new SparseTrainer(
                graph, provider, pattern, method, new SparseTrainer.Settings(sgd, schedule, 40, 4));
    }

    /** Steps {@code [from, to)}; every fourth batch is a partial one. */
    private static void run(SparseTrainer trainer, int from, int to) {
        for (int i = from; i < to; i++) {
            int batch = i % 4 == 3 ? 7 : 33;
            trainer.step(
                    TestGraphs.features(DataType.FLOAT, batch, SIZE, i % 8), TestGraphs.labels(DataType.FLOAT, batch, i
                            % 8));
        }
    }

    private static int[] parameters(SparseTrainer trainer) {
        return LayerSerialisationTest.bits(trainer.graph().params());
    }

    private static int[] state(SparseTrainer trainer) {
        return LayerSerialisationTest.bits(trainer.graph().getUpdater().getStateViewArray());
    }

    @Test
    void learns() {
        SparseTrainer trainer = trainer(new MaskingMethod(PATTERN, 1000));
        INDArray features = TestGraphs.features(DataType.FLOAT, 33, SIZE, 1);
        INDArray labels = TestGraphs.labels(DataType.FLOAT, 33, 1);
        double first = trainer.step(features, labels);
        double last = first;
        for (int i = 1; i < 40; i++) {
            last = trainer.step(features, labels);
        }
        // With smoothing 0.1 over 3 classes the loss cannot fall below the entropy of the targets, 0.291.
        assertThat(last).isLessThan(0.6 * first).isGreaterThan(0.291);
    }

    @Test
    void sameSeedSameBits() {
        SparseTrainer one = trainer(new MaskingMethod(PATTERN, 5));
        SparseTrainer two = trainer(new MaskingMethod(PATTERN, 5));
        run(one, 0, 12);
        run(two, 0, 12);
        assertThat(parameters(two)).isEqualTo(parameters(one));
        assertThat(state(two)).isEqualTo(state(one));
        INDArray features = TestGraphs.features(DataType.FLOAT, 50, SIZE, 9);
        assertThat(LayerSerialisationTest.bits(two.logits(features)))
                .isEqualTo(LayerSerialisationTest.bits(one.logits(features)));
    }

    @Test
    void resumedRunEndsBitIdentical(@TempDir Path folder) throws Exception {
        SparseTrainer whole = trainer(new MaskingMethod(PATTERN, 5));
        run(whole, 0, 20);

        Path file = folder.resolve("checkpoint.zip");
        SparseTrainer first = trainer(new MaskingMethod(PATTERN, 5));
        run(first, 0, 11);
        Files.writeString(folder.resolve(".checkpoint.zip.part"), "left by a process killed while it saved");
        first.save(file);
        run(first, 11, 13);
        first.save(file);
        assertThat(Files.list(folder)).containsExactly(file);

        SparseTrainer second = trainer(new MaskingMethod(PATTERN, 5));
        run(second, 0, 2);
        second.logits(TestGraphs.features(DataType.FLOAT, 5, SIZE, 9));
        second.restore(file);
        assertThat(second.stepIndex()).isEqualTo(13);
        assertThat(second.graph().getIterationCount()).isEqualTo(13);
        run(second, 13, 20);

        assertThat(parameters(second)).isEqualTo(parameters(whole));
        assertThat(state(second)).isEqualTo(state(whole));
    }

    @Test
    void checkpointIsAModelFile(@TempDir Path folder) throws Exception {
        SparseTrainer trainer = trainer(null);
        run(trainer, 0, 3);
        Path file = folder.resolve("checkpoint.zip");
        trainer.save(file);
        ComputationGraph plain = ModelSerializer.restoreComputationGraph(file.toFile(), true);
        INDArray features = TestGraphs.features(DataType.FLOAT, 5, SIZE, 9);
        KernelSession.attach(plain, kernels);
        assertThat(LayerSerialisationTest.bits(plain.outputSingle(features)))
                .isEqualTo(LayerSerialisationTest.bits(trainer.logits(features)));

        assertThatThrownBy(() -> trainer(new MaskingMethod(PATTERN, 5)).restore(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("belongs to another run");
    }

    @Test
    void prunedWeightsStayZeroThroughMomentumAndDecay() {
        MaskingMethod method = new MaskingMethod(PATTERN, 3);
        SparseTrainer trainer = trainer(method);
        for (int i = 0; i < 8; i++) {
            run(trainer, i, i + 1);
            for (int layer = 0; layer < method.masks.size(); layer++) {
                var weights = method.layers.get(layer).weights();
                var mask = method.masks.get(layer);
                int kept = 0;
                for (int w = 0; w < mask.shape().size(); w++) {
                    if (!mask.get(w)) {
                        assertThat(weights.get(w)).isZero();
                    } else if (weights.get(w) != 0) {
                        kept++;
                    }
                }
                assertThat(kept).isPositive();
            }
        }
    }

    @Test
    void methodIsAskedInOrder() {
        MaskingMethod method = new MaskingMethod(PATTERN, 5);
        SparseTrainer trainer = trainer(method);
        run(trainer, 0, 2);
        INDArray features = TestGraphs.features(DataType.FLOAT, 5, SIZE, 9);
        trainer.logits(features);
        trainer.logits(features);
        run(trainer, 2, 3);
        assertThat(method.calls)
                .containsExactly(
                        "plan 0", "transform 0", "after 0", "plan 1", "transform 1", "after 1", "plan 1", "plan 2",
                        "transform 2", "after 2");
    }

    private static BameMethod bame(BameConfiguration.InitPhase initPhase) {
        // t_i = 8, at the start of an epoch.
        BameConfiguration configuration = RecordChange.of(
                RecordChange.of(BameConfiguration.defaults(), "initFraction", 0.2), "initPhase", initPhase);
        return new BameMethod(
                RecordChange.of(configuration, "interval", 4), new MethodContext(PATTERN, 40, 4, 0.9, 7));
    }

    @Test
    void evaluationOpensNoPhase() {
        INDArray features = TestGraphs.features(DataType.FLOAT, 5, SIZE, 9);
        SparseTrainer trainer = trainer(bame(BameConfiguration.InitPhase.DENSE));
        run(trainer, 0, 8);
        int[] before = parameters(trainer);
        int[] denseLogits = LayerSerialisationTest.bits(trainer.logits(features));
        assertThat(parameters(trainer)).isEqualTo(before);
        assertThat(denseLogits).isEqualTo(LayerSerialisationTest.bits(trainer.graph().outputSingle(features)));
        assertThat(Arrays.stream(parameters(trainer)).filter(bits -> bits == 0).count()).isLessThan(50);
        run(trainer, 8, 9);
        assertThat(Arrays.stream(parameters(trainer)).filter(bits -> bits == 0).count()).isGreaterThan(500);

        SparseTrainer fresh = trainer(bame(BameConfiguration.InitPhase.MAGNITUDE_ONE_SHOT));
        before = parameters(fresh);
        fresh.logits(features);
        assertThat(parameters(fresh)).isEqualTo(before);
    }

    @Test
    void evaluationDoesNotChangeARun() {
        INDArray features = TestGraphs.features(DataType.FLOAT, 5, SIZE, 9);
        SparseTrainer plain = trainer(bame(BameConfiguration.InitPhase.SRSTE));
        SparseTrainer evaluated = trainer(bame(BameConfiguration.InitPhase.SRSTE));
        for (int i = 0; i < 16; i++) {
            evaluated.logits(features);
            run(plain, i, i + 1);
            run(evaluated, i, i + 1);
        }
        assertThat(parameters(evaluated)).isEqualTo(parameters(plain));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5})
    void deployedAndClosedItIsAPlainGraph(double strength, @TempDir Path folder) throws Exception {
        SparseTrainer trainer = trainer(ScaledLayer.method(PATTERN, strength, 0));
        run(trainer, 0, 6);
        INDArray features = TestGraphs.features(DataType.FLOAT, 20, SIZE, 9);
        INDArray before = trainer.logits(features);
        float[] stored = trainer.graph().getParam("one-a_W").dup('c').data().asFloat();
        Path checkpoint = folder.resolve("checkpoint.zip");
        trainer.save(checkpoint);

        trainer.deploy();
        int[] deployed = parameters(trainer);
        requireClose(trainer.logits(features), before);
        trainer.deploy();
        assertThat(parameters(trainer)).isEqualTo(deployed);
        assertThatThrownBy(() -> run(trainer, 6, 7)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> trainer.save(checkpoint)).hasMessageContaining("ModelSerializer");
        assertThatThrownBy(() -> trainer.restore(checkpoint)).hasMessageContaining("restore() after deploy()");
        trainer.close();

        // The masks of an evaluation are those of the weights as they are.
        Mask mask = Mask.empty(new WeightShape(4, 3, 3, 4));
        new NmSelection(PATTERN).select(stored, mask);
        float[] expected = new float[stored.length];
        for (int i = 0; i < stored.length; i++) {
            expected[i] = mask.get(i) ? (float) (stored[i] * strength) : 0;
        }
        assertThat(trainer.graph().getParam("one-a_W").dup('c').data().asFloat()).isEqualTo(expected);
        INDArray plain = trainer.graph().outputSingle(features);
        requireClose(plain, before);

        Path file = folder.resolve("model.zip");
        ModelSerializer.writeModel(trainer.graph(), file.toFile(), true);
        ComputationGraph read = ModelSerializer.restoreComputationGraph(file.toFile(), true);
        KernelSession.attach(read, kernels);
        assertThat(LayerSerialisationTest.bits(read.outputSingle(features)))
                .isEqualTo(LayerSerialisationTest.bits(plain));
    }

    private static void requireClose(INDArray got, INDArray expected) {
        assertThat(got.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-5);
    }

    @Test
    void checkpointOfOtherChoicesIsRefusedBeforeAnythingChanges(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("checkpoint.zip");
        SparseTrainer saved = trainer(StraightThroughLayer.method("sr-ste", PATTERN, 0.1));
        run(saved, 0, 3);
        saved.save(file);
        for (SparseTrainer other : List.of(
                trainer(StraightThroughLayer.method("sr-ste", PATTERN, 0.2)),
                trainer(StraightThroughLayer.method("sr-ste", PATTERN, 0.1), new NmPattern(1, 4), kernels))) {
            int[] before = parameters(other);
            assertThatThrownBy(() -> other.restore(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got\n")
                    .hasMessageContaining("expected\n")
                    .hasMessageContaining("Restore it with");
            assertThat(parameters(other)).isEqualTo(before);
            assertThat(other.stepIndex()).isZero();
            assertThat(other.graph().getIterationCount()).isZero();
        }
    }

    @Test
    void layersThatTheNetworkKeepsDenseAreCostedDense() {
        KernelConvolution kept = new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1);
        kept.setSparsify(Sparsify.NEVER);
        var builder = TestGraphs.builder(DataType.FLOAT, new Sgd(0.1), SIZE)
                .addLayer("kept", kept, "entry")
                .addLayer("free", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "kept");
        List<WeightedLayer> layers =
                SparseTrainer.weightedLayers(TestGraphs.init(TestGraphs.end(builder, "free")));
        assertThat(layers.get(0).sparsifiability(PATTERN).sparse()).isFalse();
        assertThat(layers.get(1).sparsifiability(PATTERN).sparse()).isTrue();
        assertThat(new FlopsAccount(layers, PATTERN, 0).sparsifiedMacsPerSample())
                .isEqualTo(layers.get(1).macsPerSample());
    }

    /** Small layers keep more, one of them everything; what kernels count is what the layers' own patterns say. */
    @ParameterizedTest
    @ValueSource(strings = {"unstructured@0.6/erk", "fan_in@0.6/erk", "unstructured@0.75", "fan_in@0.9"})
    void everyLayerRunsAtItsOwnDensity(String text) {
        SparsityPattern pattern = SparsityPattern.parse(text);
        SparseTrainer trainer = trainer(StraightThroughLayer.method("ste", pattern, 0), pattern, kernels);
        run(trainer, 0, 2);
        List<LayerSparsity> expected = LayerSparsity.of(SparseTrainer.weightedLayers(trainer.graph()), pattern);
        List<LayerReport> layers = trainer.layers();
        for (int i = 0; i < layers.size(); i++) {
            LayerReport layer = layers.get(i);
            double density = expected.get(i).pattern().density();
            assertThat(layer.sparse()).isEqualTo(density < 1);
            assertThat(layer.reason()).isEqualTo(expected.get(i).verdict().reason());
            assertThat(layer.forward().density()).isEqualTo(density);
            assertThat(layer.inputGradient().density()).isEqualTo(density);
            assertThat(layer.weightGradient().density()).isEqualTo(1);
            assertThat((double) layer.forward().macs())
                    .isEqualTo(66 * density * layer.shape().macsPerSample(), within(1e-6));
        }
        assertThat(layers).extracting(LayerReport::sparse).contains(true, false);
        assertThat(layers.stream().map(layer -> layer.forward().density()).distinct().count())
                .isGreaterThanOrEqualTo(text.endsWith("erk") ? 3 : 2);
    }

    @Test
    void indexListsAreBroughtUpToDateBeforeTheProductIsTimed() {
        List<String> calls = new ArrayList<>();
        SparseTrainer trainer = trainer(new MaskingMethod(PATTERN, 1000), recording(calls));
        run(trainer, 0, 1);
        trainer.logits(TestGraphs.features(DataType.FLOAT, 5, SIZE, 9));
        Map<String, Product> products = Map.of(
                "forward", Product.FORWARD,
                "inputGradient", Product.INPUT_GRADIENT,
                "weightGradient", Product.WEIGHT_GRADIENT);
        assertThat(calls).containsAll(products.keySet());
        for (int i = 0; i < calls.size(); i++) {
            if (products.containsKey(calls.get(i))) {
                assertThat(calls.get(i - 1)).isEqualTo("prepare " + products.get(calls.get(i)));
            }
        }
    }

    /** Scalar kernels whose convolutions note what is asked of them. */
    private static Kernels recording(List<String> calls) {
        Kernels scalar = KernelProviders.scalar();
        return proxy(Kernels.class, (self, method, arguments) -> {
            Object result = method.invoke(scalar, arguments);
            if (!(result instanceof ConvolutionKernel kernel)) {
                return result;
            }
            return proxy(ConvolutionKernel.class, (kernelSelf, call, values) -> {
                calls.add(call.getName().equals("prepare") ? "prepare " + values[0] : call.getName());
                return call.invoke(kernel, values);
            });
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler));
    }

    @Test
    void graphsWithoutKernelsShareOneProvider() {
        INDArray features = TestGraphs.features(DataType.FLOAT, 5, SIZE, 9);
        ComputationGraph one = TestGraphs.init(TestGraphs.residual(DataType.FLOAT, new Sgd(0.1), SIZE));
        ComputationGraph two = TestGraphs.init(TestGraphs.residual(DataType.FLOAT, new Sgd(0.1), SIZE));
        one.outputSingle(features);
        two.outputSingle(features);
        assertThat(KernelSession.of(two).orElseThrow().kernels())
                .isSameAs(KernelSession.of(one).orElseThrow().kernels());
    }

    @Test
    void reportsSayWhatRan() {
        SparseTrainer trainer = trainer(new MaskingMethod(PATTERN, 1000));
        run(trainer, 0, 2);
        var stem = trainer.layers().getFirst();
        assertThat(stem.name()).isEqualTo("stem");
        assertThat(stem.sparse()).isFalse();
        assertThat(stem.inputGradient().calls()).isZero();
        assertThat(stem.images()).isEqualTo(66);
        var sparse = trainer.layers().get(1);
        assertThat(sparse.name()).isEqualTo("one-a");
        assertThat(sparse.sparse()).isTrue();
        for (Product product : Product.values()) {
            ProductReport report = sparse.product(product);
            assertThat(report.calls()).isEqualTo(2);
            assertThat(report.density()).isEqualTo(0.5);
            assertThat(report.executed()).isTrue();
            assertThat(report.nanos()).isPositive();
            assertThat(report.macs()).isPositive().isLessThanOrEqualTo(66 * sparse.shape().macsPerSample() / 2);
        }
        assertThat(SparseTrainer.weightedLayers(trainer.graph()))
                .extracting(WeightedLayer::kind)
                .startsWith(LayerKind.STEM, LayerKind.CONV3X3)
                .endsWith(LayerKind.CLASSIFIER);
        assertThat(SparseTrainer.weightedLayers(trainer.graph()).getFirst().positions()).isEqualTo(SIZE * SIZE);
    }

    @Test
    void clocksCoverTheStep() {
        SparseTrainer trainer = trainer(new MaskingMethod(PATTERN, 1000));
        run(trainer, 0, 2);
        INDArray features = TestGraphs.features(DataType.FLOAT, 33, SIZE, 1);
        INDArray labels = TestGraphs.labels(DataType.FLOAT, 33, 1);
        trainer.clocks().reset();
        long start = System.nanoTime();
        trainer.step(features, labels);
        long elapsed = System.nanoTime() - start;
        assertThat(trainer.clocks().trainingNanos()).isBetween(elapsed * 8 / 10, elapsed);
        for (Clock clock : Clock.values()) {
            boolean unused =
                    clock == Clock.DATA_WAIT || clock == Clock.EVALUATION || clock == Clock.LOSS_PROBE;
            assertThat(trainer.clocks().nanos(clock)).as(clock.name()).matches(n -> unused ? n == 0 : n > 0);
        }
        trainer.logits(features);
        assertThat(trainer.clocks().nanos(Clock.EVALUATION)).isPositive();
    }

    @Test
    void regularizationOfTheGraphIsRefused() {
        var configuration = new org.deeplearning4j.nn.conf.NeuralNetConfiguration.Builder()
                .updater(OptimizerSettings.Sgd.of(0.9, 0).stockUpdater(0.1))
                .weightDecay(1e-4)
                .graphBuilder()
                .addInputs("images")
                .setInputTypes(org.deeplearning4j.nn.conf.inputs.InputType.convolutional(SIZE, SIZE, 4))
                .addVertex("entry", new BlockEntryVertex(), "images");
        ComputationGraph graph = TestGraphs.init(TestGraphs.end(configuration, "entry"));
        var settings = new SparseTrainer.Settings(
                OptimizerSettings.Sgd.of(0.9, 0), new LearningRateSchedule.Constant(0.1), 10, 10);
        assertThatThrownBy(() -> new SparseTrainer(graph, kernels, PATTERN, null, settings))
                .hasMessageContaining("classifier_W")
                .hasMessageContaining("regularization");
    }

    /** With the scalar kernels, which allocate nothing: what is left is the layers' and Deeplearning4j's own. */
    @Test
    void stepsAllocateLittle() {
        SparseTrainer trainer = trainer(null, KernelProviders.scalar());
        INDArray features = TestGraphs.features(DataType.FLOAT, 16, SIZE, 1);
        INDArray labels = TestGraphs.labels(DataType.FLOAT, 16, 1);
        for (int i = 0; i < 20; i++) {
            trainer.step(features, labels);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
            trainer.step(features, labels);
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / 20;
        // Measured: 50 kB for 26 vertices, all of it Deeplearning4j's bookkeeping; boxed vectors would be megabytes.
        assertThat(bytes).isLessThan(150_000);
    }
}
