package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.bame.harness.device.CpuDevice;
import org.bame.harness.device.Device;
import org.bame.harness.peer.Peers;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ConvolutionKernel;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.Epilogue;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.Product;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelBenchmarkTest {

    private static final NmPattern QUARTER = new NmPattern(1, 4);
    /** A batch of two blocks, the second with padding lanes; a stride; outputs unlike inputs. */
    private static final KernelShape STRIDED =
            new KernelShape(ConvolutionShape.square(new FeatureShape(8, 6, 5), 6, 3, 2, 1), 35);

    private final MeasureObserver silent = new MeasureObserver() {
        @Override
        public void progress(String what, long done, long total) {
            assertThat(done).isBetween(0L, total);
        }

        @Override
        public void note(String text) {
            notes.append(text);
        }
    };
    private final StringBuilder notes = new StringBuilder();

    @Test
    void measuresEveryVariantAndTheProductsTogether() {
        List<KernelMeasurement> measured =
                benchmark(List.of(QUARTER, new NmPattern(1, 3)), new CpuDevice()).run(any -> {});

        assertThat(measured).hasSize(2 * 4);
        assertThat(notes).contains("left out 1:3");
        KernelMeasurement dense = measured.get(3);
        KernelMeasurement sparse = measured.get(7);
        assertThat(dense.product()).isEmpty();
        assertThat(dense.speedupVsDense()).isEqualTo(1);
        assertThat(sparse.pattern()).isEqualTo(Optional.of(QUARTER));
        double executedShare = sparse.gflops() * sparse.spread().medianNanos()
                / (dense.gflops() * dense.spread().medianNanos());
        assertThat(executedShare).isEqualTo(QUARTER.density(), within(1e-12));
        assertThat(measured).allSatisfy(one -> {
            assertThat(one.deviation()).isBetween(0.0, TwinCheck.TOLERANCE);
            assertThat(one.spread().p10Nanos()).isPositive().isLessThanOrEqualTo(one.spread().medianNanos());
        });
    }

    /** Six outputs: a group of four and one of two. */
    @Test
    void measuresMasksOfRowGroups() {
        NmPattern grouped = NmPattern.parse("1:4/g4");
        benchmark(List.of(grouped), device(kernel -> watched(kernel, grouped))).run(any -> {});
        List<KernelMeasurement> measured = benchmark(List.of(grouped), new CpuDevice()).run(any -> {});

        assertThat(measured).hasSize(2 * 4);
        assertThat(measured.getLast().patternName()).isEqualTo("1:4/g4");
        assertThat(measured.getLast().deviation()).isBetween(0.0, TwinCheck.TOLERANCE);
    }

    /** 432 weights: 54 of them; 72 inputs of an output: 9. */
    @ParameterizedTest
    @ValueSource(strings = {"unstructured@0.875", "fan_in@0.875"})
    void measuresPatternsThatAreNotNm(String text) {
        SparsityPattern pattern = SparsityPattern.parse(text);
        benchmark(List.of(pattern), device(kernel -> watched(kernel, pattern))).run(any -> {});
        List<KernelMeasurement> measured = benchmark(List.of(pattern), new CpuDevice()).run(any -> {});

        assertThat(measured).hasSize(2 * 4);
        assertThat(measured.getLast().patternName()).isEqualTo(text);
        assertThat(measured.getLast().deviation()).isBetween(0.0, TwinCheck.TOLERANCE);
        double executedShare = measured.getLast().gflops() * measured.getLast().spread().medianNanos()
                / (measured.get(3).gflops() * measured.get(3).spread().medianNanos());
        assertThat(executedShare).isEqualTo(0.125, within(1e-12));
    }

    @Test
    void warmsUpThoughItIsNotAskedTo() {
        AtomicInteger calls = new AtomicInteger();
        Device counting = device(kernel -> proxy(ConvolutionKernel.class, kernel, "inputGradient", macs -> {
            calls.incrementAndGet();
            return macs;
        }));
        benchmark(List.of(), counting).run(any -> {});

        // Two rounds, and a check before and one behind, are 4.
        assertThat(calls.get()).isGreaterThan(20);
    }

    /** Else the dense forward product would find its own operands in the caches, and the others what another left there. */
    @Test
    void noProductFollowsItself() {
        List<String> calls = new ArrayList<>();
        Device watching = device(kernel -> proxied(kernel, calls));
        benchmark(List.of(QUARTER), watching).run(any -> {});

        assertThat(calls).hasSizeGreaterThan(20);
        for (int i = 1; i < calls.size(); i++) {
            assertThat(calls.get(i)).as("call %s", i).isNotEqualTo(calls.get(i - 1));
        }
    }

    private static ConvolutionKernel proxied(ConvolutionKernel kernel, List<String> calls) {
        ConvolutionKernel watched = kernel;
        for (String product : List.of("forward", "inputGradient", "weightGradient")) {
            watched = proxy(ConvolutionKernel.class, watched, product, macs -> {
                calls.add(product);
                return macs;
            });
        }
        return watched;
    }

    @ParameterizedTest
    @EnumSource
    void refusesAKernelThatIsSlightlyWrong(Product faulty) {
        Device device = device(kernel -> new Faulty(kernel, faulty, 1, 0));
        assertThatThrownBy(() -> benchmark(List.of(QUARTER), device).run(any -> {}))
                .isInstanceOf(KernelMismatchException.class)
                .hasMessageContaining(STRIDED.name())
                .hasMessageContaining(faulty.name())
                .hasMessageContaining("deviation");
    }

    @Test
    void refusesAKernelThatDoesNotSkip() {
        Device device = device(kernel -> new Faulty(kernel, Product.FORWARD, 0, 1));
        assertThatThrownBy(() -> benchmark(List.of(QUARTER), device).run(any -> {}))
                .isInstanceOf(KernelMismatchException.class)
                .hasMessageContaining("multiply-accumulates");
    }

    @Test
    void refusesAKernelThatLeavesANumberOut() {
        Device device = device(kernel -> new Faulty(kernel, Product.INPUT_GRADIENT, Double.NaN, 0));
        assertThatThrownBy(() -> benchmark(List.of(QUARTER), device).run(any -> {}))
                .isInstanceOf(KernelMismatchException.class)
                .hasMessageContaining("NaN");
    }

    private KernelBenchmark benchmark(List<SparsityPattern> patterns, Device device) {
        return new KernelBenchmark(
                new KernelBenchmarkPlan(List.of(STRIDED), patterns, List.of(1), 2, 0, 1), device, Peers.none(), silent);
    }

    /** A processor whose convolutions are not what they should be. */
    private static Device device(UnaryOperator<ConvolutionKernel> spoil) {
        Kernels sound = KernelProviders.scalar();
        Kernels spoilt = proxy(Kernels.class, sound, "convolution", made -> spoil.apply((ConvolutionKernel) made));
        return proxy(Device.class, new CpuDevice(), "open", any -> spoilt);
    }

    private static <T> T proxy(Class<T> type, T sound, String method, UnaryOperator<Object> spoil) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (self, called,
                arguments) -> {
            try {
                Object made = called.invoke(sound, arguments);
                return called.getName().equals(method) ? spoil.apply(made) : made;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    /** A kernel that takes only masks which keep and promise what the pattern says. */
    private static ConvolutionKernel watched(ConvolutionKernel kernel, SparsityPattern pattern) {
        Class<?>[] type = {ConvolutionKernel.class};
        return (ConvolutionKernel) Proxy.newProxyInstance(type[0].getClassLoader(), type, (self, called, arguments) -> {
            for (int i = 0; i < called.getParameterCount(); i++) {
                if (arguments[i] instanceof Support.Masked(Mask mask)) {
                    assertThat(mask.rowGroup()).isEqualTo(pattern.rowGroup());
                    MaskPromise.EXACT.require(mask, pattern);
                }
            }
            return called.invoke(kernel, arguments);
        });
    }

    /** Adds an error to one number of a product, or to its count. */
    private record Faulty(ConvolutionKernel sound, Product product, double error, long macs)
            implements
                ConvolutionKernel {

        @Override
        public ConvolutionShape shape() {
            return sound.shape();
        }

        @Override
        public BatchLayout batch() {
            return sound.batch();
        }

        @Override
        public void prepare(Product called, Support support) {
            sound.prepare(called, support);
        }

        @Override
        public long forward(Support support, Storage weights, Storage x, Storage y, Epilogue epilogue) {
            return sound.forward(support, weights, x, y, epilogue) + spoil(Product.FORWARD, y);
        }

        @Override
        public long inputGradient(
                Support support, Storage weights, Storage dy, Storage dx, boolean add) {
            return sound.inputGradient(support, weights, dy, dx, add) + spoil(Product.INPUT_GRADIENT, dx);
        }

        @Override
        public long weightGradient(Support support, Storage x, Storage dy, Storage dw) {
            return sound.weightGradient(support, x, dy, dw) + spoil(Product.WEIGHT_GRADIENT, dw);
        }

        private long spoil(Product called, Storage result) {
            if (called != product) {
                return 0;
            }
            // Of the last image, or of the last output.
            long last = called == Product.WEIGHT_GRADIENT
                    ? result.size() - 1
                    : batch().index(
                            called == Product.FORWARD ? shape().output() : shape().input(), batch().images() - 1, 0, 0,
                            0);
            result.set(last, result.get(last) + error);
            return macs;
        }
    }
}
