package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bame.datasets.DataRequest;
import org.bame.harness.Suite;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.environment.EnvironmentProbe;
import org.bame.harness.environment.MemoryProbe;
import org.bame.harness.environment.SourceCommit;
import org.bame.kernel.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a run would find here. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        header = "Shows the machine, the JVM, the kernels chosen and why, and what would slow them down.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Fast kernels run here", "1:They do not; the output says why"},
        footer = {"", "Example:",
            "  ./bame doctor --data-dir ~/data"})
final class DoctorCommand implements Callable<Integer> {

    private static final double GIB = 1L << 30;
    private static final List<String> MALLOC = List.of("MALLOC_MMAP_MAX_", "MALLOC_TRIM_THRESHOLD_");

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder of data sets to look in.")
    private Optional<Path> dataDir;

    @Inject
    DoctorCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        line(out, "system", EnvironmentProbe.operatingSystem());
        line(out, "JVM", EnvironmentProbe.jdk());
        line(out, "JVM options", EnvironmentProbe.jvmFlags());
        line(out, "heap", Text.fixed(Runtime.getRuntime().maxMemory() / GIB, 1) + " GiB at most");
        line(out, "memory", Text.fixed(MemoryProbe.physicalBytes() / GIB, 1) + " GiB");
        line(out, "commit", SourceCommit.find());
        line(out, "native settings", EnvironmentProbe.nativeSettings());
        if (MALLOC.stream().anyMatch(name -> System.getenv(name) == null)) {
            line(out, "warning",
                    "the native allocator gives memory back to the system, which may make Deeplearning4j up to"
                            + " 10 times slower; start with ./bame, which sets " + String.join(" and ", MALLOC));
        }
        boolean fast = true;
        for (Device device : suite.devices().values()) {
            line(out, "device " + device.name(), device.describe());
            fast &= showKernels(device, out);
        }
        DataRequest request = new DataRequest(dataDir, false, message -> {});
        Path root = request.root().toAbsolutePath();
        line(out, "data folder", root + (Files.isDirectory(root) ? "" : " (not there yet)"));
        line(out, "data sets", String.join(", ", suite.dataSets().names()) + " (./bame data checks their files)");
        return fast ? ExitCode.OK : ExitCode.RUN_FAILED;
    }

    private static boolean showKernels(Device device, PrintWriter out) {
        try (Kernels kernels = device.open(device.usualThreads(), KernelChoice.SIMD)) {
            line(
                    out,
                    "kernels",
                    kernels.provider() + " on " + kernels.threads() + " threads: " + kernels.description());
            return true;
        } catch (UnsupportedOperationException e) {
            line(out, "kernels", e.getMessage());
            return false;
        }
    }

    private static void line(PrintWriter out, String what, String value) {
        out.println(what + ": " + value);
    }
}
