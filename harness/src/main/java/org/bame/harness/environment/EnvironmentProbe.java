package org.bame.harness.environment;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bame.datasets.DataProvenance;
import org.bame.harness.device.Device;
import org.bame.harness.results.EnvironmentRow;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;

/** Finds out what machine and build this is. */
public final class EnvironmentProbe {

    private static final List<String> NATIVE_SETTINGS = List.of(
            "MALLOC_MMAP_MAX_",
            "MALLOC_TRIM_THRESHOLD_",
            "MALLOC_TOP_PAD_",
            "MALLOC_ARENA_MAX",
            "LD_PRELOAD",
            "OMP_NUM_THREADS",
            "OPENBLAS_CORETYPE");

    private EnvironmentProbe() {}

    /** The record of this process training on some data. */
    public static EnvironmentRow probe(
            Device device, Kernels kernels, KernelPolicy kernelPolicy, DataProvenance data) {
        return probe(device, kernels, kernelPolicy, data, "");
    }

    /**
     * The record of this process and of others that it compares with.
     *
     * @param peerSettings environment variables of the others' processes; empty without any
     */
    public static EnvironmentRow probe(
            Device device, Kernels kernels, KernelPolicy kernelPolicy, DataProvenance data, String peerSettings) {
        EnvironmentRow unnamed = new EnvironmentRow(
                "",
                device.name(),
                device.model(),
                kernels.threads(),
                Runtime.getRuntime().availableProcessors(),
                MemoryProbe.physicalBytes(),
                operatingSystem(),
                kernels.provider().equals("scalar") ? 0 : device.vectorBits(),
                kernels.provider() + ": " + kernels.description() + describe(kernelPolicy),
                jdk(),
                jvmFlags(),
                Libraries.versions(),
                SourceCommit.find(),
                checksums(data),
                nativeSettings() + (peerSettings.isEmpty() ? "" : "; peers: " + peerSettings));
        String id = ShortHash.of(unnamed.toString().getBytes(StandardCharsets.UTF_8));
        return new EnvironmentRow(
                id,
                unnamed.device(),
                unnamed.cpu(),
                unnamed.coresUsed(),
                unnamed.coresAvailable(),
                unnamed.memoryBytes(),
                unnamed.operatingSystem(),
                unnamed.vectorBits(),
                unnamed.provider(),
                unnamed.jdk(),
                unnamed.jvmFlags(),
                unnamed.libraries(),
                unnamed.commit(),
                unnamed.dataChecksums(),
                unnamed.malloc());
    }

    private static String describe(KernelPolicy kernelPolicy) {
        return switch (kernelPolicy) {
            case SPARSE -> "";
            case AUTO -> "; kernel policy auto: products on masks run sparse or masked dense, as measured";
        };
    }

    /** Name, version and architecture. */
    public static String operatingSystem() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }

    /** Vendor and version of the JVM. */
    public static String jdk() {
        return System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version") + ", "
                + System.getProperty("java.vm.name");
    }

    /** Options that this JVM was started with. */
    public static String jvmFlags() {
        return jvmFlags(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /** Without the checkout's place: the same build elsewhere is no other environment. */
    static String jvmFlags(List<String> options) {
        return options.stream()
                .filter(option -> !option.startsWith("-D" + SourceCommit.HOME + "="))
                .collect(Collectors.joining(" "));
    }

    /** Environment variables that change the native allocator or native threads. */
    public static String nativeSettings() {
        Map<String, String> set = new TreeMap<>();
        for (String name : NATIVE_SETTINGS) {
            String value = System.getenv(name);
            if (value != null) {
                set.put(name, value);
            }
        }
        List<String> texts = new ArrayList<>();
        set.forEach((name, value) -> texts.add(name + "=" + value));
        return texts.isEmpty() ? "default" : String.join(" ", texts);
    }

    private static String checksums(DataProvenance data) {
        return data.files().stream()
                .map(file -> file.name() + "=" + file.sha256() + " (" + file.verdict() + ")")
                .collect(Collectors.joining("; "));
    }
}
