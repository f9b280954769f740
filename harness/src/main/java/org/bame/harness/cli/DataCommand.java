package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSet;
import org.bame.datasets.DataSetException;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.TextDataSet;
import org.bame.harness.Suite;
import org.bame.harness.config.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows, checks and fetches data. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        header = "Shows where data sets are, checks their files, and downloads them.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every data set named is usable", "2:A mistake on the command line", "3:One is not usable"},
        footer = {
            "",
            "Examples:",
            "  ./bame data",
            "  ./bame data cifar10 --data-dir ~/data",
            "  ./bame data cifar10 --download"
        })
final class DataCommand implements Callable<Integer> {

    private final Suite suite;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Data sets; all if none is named.")
    private List<String> names = List.of();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder to look in, or the file of a text. Default: $BAME_DATA_DIR, else ~/.cache/bame/data.")
    private Optional<Path> dataDir;

    @Option(names = "--download", description = "Download what is missing into that folder.")
    private boolean download;

    @Inject
    DataCommand(Suite suite) {
        this.suite = suite;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Problems problems = new Problems();
        List<String> wanted = names.isEmpty() ? List.copyOf(suite.dataSets().names()) : names;
        wanted.forEach(name -> suite.dataSets().find(name, "data", problems));
        problems.throwIfAny();
        if (!download) {
            DataFolder.requireThere(dataDir);
        }
        DataRequest request =
                new DataRequest(dataDir, download, spec.commandLine().getErr()::println);
        out.println("Looking in " + request.root().toAbsolutePath());
        boolean allUsable = true;
        for (String name : wanted) {
            allUsable &= show(suite.dataSets().get(name, "data"), request, out);
        }
        return allUsable || names.isEmpty() ? ExitCode.OK : ExitCode.DATA;
    }

    /** Reading everything is the check: lengths, labels and checksums. */
    private static boolean show(DataSetFactory factory, DataRequest request, PrintWriter out) {
        out.println();
        out.println(factory.name() + ": " + factory.describe());
        try {
            DataSet data = factory.load(request);
            out.println("  usable: " + extent(data) + "; " + data.provenance().description());
            data.provenance()
                    .files()
                    .forEach(file -> out.println("    " + file.verdict() + "  " + file.sha256() + "  " + file.name()));
            data.provenance().warnings().forEach(warning -> out.println("  warning: " + warning));
            return true;
        } catch (DataSetException e) {
            out.println("  not usable: " + e.getMessage());
            return false;
        }
    }

    private static String extent(DataSet data) {
        return switch (data) {
            case ImageDataSet images ->
                String.format(
                        Locale.ROOT,
                        "%,d + %,d images of %s, %d classes",
                        images.train().size(),
                        images.test().size(),
                        images.shape(),
                        images.classes());
            case TextDataSet text ->
                String.format(
                        Locale.ROOT,
                        "%,d + %,d windows of %d characters, %,d different ones",
                        text.train().size(),
                        text.test().size(),
                        text.length(),
                        text.classes());
        };
    }
}
