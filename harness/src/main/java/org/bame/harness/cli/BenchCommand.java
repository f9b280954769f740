package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The benchmarks, which shows what there is. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        header = "Measures how fast the products, the training steps and the data of this machine are, and how steps scale.",
        subcommands = {
            BenchKernelsCommand.class, BenchStepCommand.class, BenchScaleCommand.class, ScalePointCommand.class,
            BenchDataCommand.class},
        footer = {
            "",
            "Examples:",
            "  ./bame bench kernels --shapes notes --patterns 1:4,1:8,1:16 --threads 1,2",
            "  ./bame bench step --network resnet32 --data-set cifar10 --patterns 1:4,1:16 --out results/steps",
            "  ./bame bench scale --network resnet32 --out results/scale",
            "  ./bame bench data --data-set imagenette --threads 1,2"
        })
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Inject
    BenchCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
