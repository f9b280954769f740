package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bame.baselines.fixed.StaticConfiguration;
import org.bame.baselines.fixed.StaticMethodFactory;
import org.bame.datasets.DataRequest;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.TestExtension;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.sweep.MethodChoice;
import org.bame.harness.sweep.RunSpec;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.SweepChanges;
import org.bame.harness.sweep.SweepReader;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.Kernels;
import org.bame.layer.InvariantException;
import org.bame.layer.KernelPolicy;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is not what it says ends there, with a row that says so. */
class RunInvariantsTest {

    private static final Suite SUITE = SuiteLoader.load();
    private static final int BATCH = 16;
    private static final int STEPS_PER_EPOCH = TestExtension.TRAIN_IMAGES / BATCH;
    private static final String SWEEP =
            """
            workloads:
              - dataSet: tiny
                network: tiny-net
                recipe: quick
                overrides: {epochs: 3, batch: 16, augmentation: none, evaluationBatch: 16, warmupEpochs: 0}
            patterns: ["1:4"]
            methods: [static]
            """;

    @TempDir
    private Path folder;

    private final Failures failures = new Failures();

    @Test
    void aMaskThatKeepsMoreEndsTheRunAtItsEpoch() {
        Sweep sweep = sweep();
        RunSpec honest = sweep.runs().getFirst();
        MethodChoice<?> liar =
                new MethodChoice<>(lyingFrom(STEPS_PER_EPOCH + 1), "", new StaticMethodFactory().defaults());
        RunSpec lying = new RunSpec(honest.runId() + "-liar", honest.workload(), liar, honest.pattern(), 1);

        SweepOutcome outcome = run(new Sweep("t", "", List.of(lying, honest)), device());

        assertThat(outcome).isEqualTo(new SweepOutcome(1, 0, 0, 1, 0, 0));
        assertThat(failures.seen).singleElement().isInstanceOf(InvariantException.class).asString()
                .contains("Layer 'stage1.block1.conv1', step " + (2 * STEPS_PER_EPOCH - 1))
                .contains("keep 2, expected 1 by pattern 1:4");
        assertThat(rows()).extracting(row -> row.get("status")).containsExactly("failed", "finished");
        // The first epoch was sound, and no row or checkpoint of the second pretends to be.
        assertThat(rows().getFirst()).containsEntry("epochs", "2").containsEntry("final_top1", "");
        List<String> epochs = new ArrayList<>();
        ResultsFolder.open(folder).epochs().forEachRow(row -> epochs.add(row.get("run_id") + row.get("epoch")));
        assertThat(epochs).containsExactly(
                lying.runId() + 1, honest.runId() + 1, honest.runId() + 2, honest.runId() + 3);

        assertThat(run(new Sweep("t", "", List.of(lying, honest)), device()))
                .isEqualTo(new SweepOutcome(0, 2, 0, 1, 0, 0));
    }

    @Test
    void kernelsThatCountOtherwiseEndTheRun() {
        Device miscounting = proxy(Device.class, (self, call, arguments) -> {
            Object answer = call.invoke(device(), arguments);
            return answer instanceof Kernels kernels ? miscounting(kernels) : answer;
        });

        assertThat(run(sweep(), miscounting)).isEqualTo(new SweepOutcome(0, 0, 0, 1, 0, 0));

        assertThat(failures.seen).singleElement().isInstanceOf(InvariantException.class).asString()
                .contains("product WEIGHT_GRADIENT: in " + STEPS_PER_EPOCH + " calls the kernels counted");
        assertThat(rows()).singleElement().satisfies(row -> assertThat(row).containsEntry("status", "failed"));
    }

    private SweepOutcome run(Sweep sweep, Device device) {
        SweepSettings settings = new SweepSettings(
                DataRequest.standard(message -> {}),
                device,
                KernelChoice.SIMD,
                KernelPolicy.SPARSE,
                1,
                Duration.ofHours(1),
                false,
                false);
        return new SweepRunner(SUITE, settings, failures).run(sweep, ResultsFolder.open(folder));
    }

    private List<Map<String, String>> rows() {
        List<Map<String, String>> rows = new ArrayList<>();
        ResultsFolder.open(folder).runs().forEachRow(rows::add);
        return rows;
    }

    private static Sweep sweep() {
        return new SweepReader(SUITE).read("t.yaml", SWEEP, SweepChanges.NONE);
    }

    private static Device device() {
        return SUITE.devices().get("cpu", "test");
    }

    /** Static masks, to which the method adds a weight behind a step. */
    private static MethodFactory<StaticConfiguration> lyingFrom(long step) {
        StaticMethodFactory factory = new StaticMethodFactory();
        @SuppressWarnings("unchecked")
        MethodFactory<StaticConfiguration> lying = proxy(MethodFactory.class, (self, call, arguments) -> {
            if (!call.getName().equals("create")) {
                return call.invoke(factory, arguments);
            }
            TrainingMethod method = factory.create((StaticConfiguration) arguments[0], (MethodContext) arguments[1]);
            return proxy(TrainingMethod.class, (methodSelf, hook, values) -> {
                Object answer = hook.invoke(method, values);
                if (hook.getName().equals("afterUpdate") && ((Step) values[0]).index() == step) {
                    addWeight(((Support.Masked) method.plan(0, (Step) values[0]).forward()).mask());
                }
                return answer;
            });
        });
        return lying;
    }

    private static void addWeight(Mask mask) {
        mask.set(mask.get(0) ? 1 : 0, true);
    }

    /** Kernels whose weight gradients count one multiply-accumulate too many. */
    private static Kernels miscounting(Kernels kernels) {
        return proxy(Kernels.class, (self, call, arguments) -> {
            Object answer = call.invoke(kernels, arguments);
            if (!(answer instanceof ConvolutionKernel convolution)) {
                return answer;
            }
            return proxy(ConvolutionKernel.class, (kernelSelf, product, values) -> {
                Object macs = product.invoke(convolution, values);
                return product.getName().equals("weightGradient") ? (Object) ((long) macs + 1) : macs;
            });
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler));
    }

    private static final class Failures extends SilentObserver {
        private final List<Exception> seen = new ArrayList<>();

        @Override
        public void failed(RunSpec run, Exception failure) {
            seen.add(failure);
        }
    }
}
