package org.bame.harness.cli;

import com.google.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bame.datasets.files.IoFailure;
import org.bame.harness.Suite;
import org.bame.harness.config.Problems;
import org.bame.harness.flops.PublishedCosts;
import org.bame.harness.report.Report;
import org.bame.harness.results.ResultsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a page of results folders. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Makes one HTML page of what results folders hold: plots, and the numbers behind them.",
        description = {
            "",
            "Shows accuracy against FLOPs and seconds, learning curves, products and layers, masks, kernels, steps, scale and"
                    + " data, and published figures beside ours: whatever the folders have rows for. The page needs no other"
                    + " file and no network. Folders of earlier versions are read, too, and none is changed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:The page is written", "2:A folder without results, a damaged file, or another mistake"},
        footer = {
            "",
            "Examples:",
            "  ./bame report results/cifar10",
            "  ./bame report results/*/ --out report.html"
        })
final class ReportCommand implements Callable<Integer> {

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "Results folders, shown together.")
    private List<Path> folders;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "report.html",
            description = "The page; replaced if it is there. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            description = "Published figures. Default: results/reference.csv of the checkout, if it is there.")
    private Optional<Path> reference;

    @Inject
    ReportCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        folders.stream().filter(folder -> !Files.isDirectory(folder)).forEach(
                folder -> problems.add("DIR", folder.toString(), "a results folder"));
        problems.throwIfAny();
        Optional<Path> published =
                reference.or(() -> Optional.of(PublishedCosts.usualFile()).filter(Files::exists));
        String page = new Report(suite).page(folders, published);
        try {
            Files.writeString(out, page);
        } catch (IOException e) {
            throw new ResultsException(
                    "Cannot write " + out + ": " + IoFailure.reason(e)
                            + ". Name a file in a writable folder with --out.",
                    e);
        }
        spec.commandLine().getOut().println("Report: " + out.toAbsolutePath().normalize());
        return ExitCode.OK;
    }
}
