package org.bame.harness.report;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.harness.results.ClockSeconds;
import org.bame.harness.results.CsvFile;
import org.bame.harness.results.CsvTable;
import org.bame.harness.results.DataRow;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.EpochRow;
import org.bame.harness.results.KernelRow;
import org.bame.harness.results.LayerRow;
import org.bame.harness.results.LayerRow.ProductCost;
import org.bame.harness.results.MaskRow;
import org.bame.harness.results.RunKey;
import org.bame.harness.results.RunRow;
import org.bame.harness.results.RunStatus;
import org.bame.harness.results.ScaleRow;
import org.bame.harness.results.StepRow;
import org.bame.layer.Clock;
import org.bame.method.Adaptation;
import org.bame.sparsity.LayerKind;

/** Rows with round numbers. */
final class SampleResults {

    static final String ENVIRONMENT = "0123456789";
    static final String STARTED = "2026-01-02T03:04:05Z";

    private SampleResults() {}

    static <R> void write(CsvTable<R> table, Path folder, List<R> rows) {
        CsvFile.replace(table, folder.resolve(table.fileName()), rows);
    }

    static RunKey key(String method, String pattern, long seed) {
        return new RunKey(
                method + "-s" + seed, "toy/resnet8/quick", "toy", "resnet8", method, pattern, seed);
    }

    /** A run of 8 clocks of a second each. */
    static RunRow run(RunKey key, double top1, double ratio, RunStatus status) {
        return new RunRow(
                ENVIRONMENT,
                key,
                top1,
                top1,
                2.3,
                0.5,
                2,
                1e12,
                ratio,
                ratio / 2,
                ratio / 4,
                0.25,
                new ClockSeconds(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0),
                16,
                1000,
                1 << 20,
                0.25,
                0.25,
                status);
    }

    static EpochRow epoch(RunKey key, int epoch, double top1, double flipRate) {
        return new EpochRow(ENVIRONMENT, key, epoch, 1.0 / epoch, top1, epoch, epoch, flipRate, 0.125, 0.1);
    }

    static LayerRow layer(RunKey key, String layer, double density, String mode) {
        return new LayerRow(
                ENVIRONMENT,
                key,
                layer,
                LayerKind.CONV3X3,
                "16x3x3x16",
                "input channels 16 = 4 blocks of 4",
                density,
                0.01,
                0,
                0.5,
                new ProductCost(2, (long) (1000 * density), density, mode),
                new ProductCost(3, (long) (1000 * density), density, mode),
                new ProductCost(4, 1000, 1, mode));
    }

    static MaskRow mask(RunKey key, String layer, long step, int swaps) {
        return new MaskRow(ENVIRONMENT, key, new Adaptation(layer, step, swaps, 1, 0.5, 0.25, 0.75, -1, 1, -2));
    }

    static KernelRow kernel(String shape, String pattern, String product, double gflops, double speedup) {
        return new KernelRow(
                ENVIRONMENT,
                STARTED,
                "cpu",
                "simd512",
                "toy",
                shape,
                1,
                product,
                pattern,
                "float32",
                2,
                5,
                1,
                1,
                1,
                gflops,
                speedup,
                Double.NaN,
                Optional.empty());
    }

    /** A step of 7 clocks; one that is not split has none. */
    static StepRow step(String method, String pattern, String provider, double millis, boolean split) {
        Map<Clock, Double> clocks = new EnumMap<>(Clock.class);
        if (split) {
            for (Clock clock : Clock.values()) {
                clocks.put(clock, millis * 1e6 / 7);
            }
        }
        return new StepRow(
                ENVIRONMENT,
                STARTED,
                "cpu",
                "resnet8",
                128,
                method,
                pattern,
                "steady",
                provider,
                2,
                10,
                millis * 1e6,
                millis * 1e6,
                millis * 1e6,
                millis * 1e6,
                128e3 / millis,
                2,
                Double.NaN,
                Optional.empty(),
                1 << 20,
                clocks);
    }

    static ScaleRow scale(String pattern, double density, int batch, double millis) {
        return new ScaleRow(
                ENVIRONMENT,
                STARTED,
                "cpu",
                "resnet8",
                "toy",
                "static",
                pattern,
                density,
                batch,
                1,
                2,
                "simd512",
                10,
                millis * 1e6,
                millis * 1e6,
                millis * 1e6,
                batch * 1e3 / millis,
                1 << 20,
                1000,
                1000);
    }

    static DataRow data(int threads, double imagesPerSecond) {
        return new DataRow(
                ENVIRONMENT, STARTED, "toy", 100, "none", 32, 64, threads, 5, 1e9 / imagesPerSecond, 1, 1,
                imagesPerSecond);
    }

    static EnvironmentRow environment() {
        return new EnvironmentRow(
                ENVIRONMENT,
                "cpu",
                "Toy CPU",
                2,
                4,
                1L << 33,
                "Linux",
                512,
                "simd512: SIMD kernels",
                "JDK 25",
                "",
                "",
                "abcdefabcdefabcdef-dirty",
                "",
                "");
    }
}
