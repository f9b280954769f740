package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command itself, which shows what there is. */
@Command(
        name = "bame",
        mixinStandardHelpOptions = true,
        version = "bame 0.1.0",
        header = "Trains neural networks with N:M-sparse weights, and measures what each of the three products of a step cost.",
        subcommands = {
            SweepCommand.class,
            RunCommand.class,
            BenchCommand.class,
            FlopsCommand.class,
            CompareCommand.class,
            ReportCommand.class,
            ListCommand.class,
            DataCommand.class,
            DoctorCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  ./bame sweep quickstart",
            "  ./bame sweep cifar10-resnet32 --data-dir ~/data --out results/cifar10",
            "  ./bame flops --network resnet50 --data-set imagenet --pattern 1:16",
            "  ./bame report results/cifar10",
            "  ./bame list methods"
        })
final class BameCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Inject
    BameCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
