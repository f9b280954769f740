package org.bame.harness.cli;

import com.google.inject.Injector;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bame.datasets.DataSetException;
import org.bame.harness.SuiteLoader;
import org.bame.harness.config.ConfigurationException;
import org.bame.harness.config.Problem;
import org.bame.harness.results.ResultsException;
import org.bame.harness.run.MemoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code bame}. Results go to standard output; progress, logs and mistakes to standard error. */
public final class Main {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private static final String CRASH_REPORTS = "org.deeplearning4j.crash.reporting.enabled";

    private Main() {}

    /** Runs one command and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        // Deeplearning4j would leave a file of its own in the working directory.
        System.setProperty(CRASH_REPORTS, System.getProperty(CRASH_REPORTS, "false"));
        int code;
        try {
            code = commandLine(out, err).execute(arguments);
        } catch (OutOfMemoryError e) {
            err.println("Failed: " + new MemoryException(e).getMessage());
            code = ExitCode.RUN_FAILED;
        }
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** The command line with its output going where the caller wants. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        Injector injector = SuiteLoader.injector(new CliModule());
        CommandLine commandLine = new CommandLine(BameCommand.class, new InjectingFactory(injector));
        commandLine.setOut(out);
        commandLine.setErr(err);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler(
                (failure, command, parsed) -> report(failure, command.getErr()));
        commandLine.setParameterExceptionHandler((failure, arguments) -> misuse(List.of(failure)));
        collectMistakes(commandLine);
        commandLine.setExecutionStrategy(Main::execute);
        return commandLine;
    }

    /** Mistakes of form do not end the parsing, so that all are told at once. */
    private static void collectMistakes(CommandLine command) {
        command.getCommandSpec().parser().collectErrors(true);
        command.getSubcommands().values().forEach(Main::collectMistakes);
    }

    private static int execute(ParseResult parsed) {
        List<ParameterException> mistakes = parsed.asCommandLineList().stream()
                .flatMap(command -> command.getParseResult().errors().stream())
                .map(ParameterException.class::cast)
                .toList();
        return mistakes.isEmpty() ? new RunLast().execute(parsed) : misuse(mistakes);
    }

    /** What users can repair is told without a stack trace. */
    private static int report(Exception failure, PrintWriter err) {
        if (failure instanceof ConfigurationException configuration) {
            List<Problem> problems = configuration.problems();
            err.println(problems.size() == 1 ? "1 mistake:" : problems.size() + " mistakes:");
            problems.forEach(problem -> err.println("  " + problem));
            return ExitCode.USAGE;
        }
        if (failure instanceof ResultsException || failure instanceof UnsupportedOperationException) {
            err.println(failure.getMessage());
            LOG.debug("Refused", failure);
            return ExitCode.USAGE;
        }
        if (failure instanceof DataSetException) {
            err.println(failure.getMessage());
            err.println("./bame data shows where data are looked for.");
            return ExitCode.DATA;
        }
        LOG.error("Failed: {}", failure.toString(), failure);
        return ExitCode.RUN_FAILED;
    }

    private static int misuse(List<ParameterException> mistakes) {
        CommandLine command = mistakes.getLast().getCommandLine();
        PrintWriter err = command.getErr();
        Set<String> told = new HashSet<>();
        for (ParameterException mistake : mistakes) {
            // Of options that are missing each comes with the names of all.
            if (told.add(mistake.getMessage())) {
                err.println(mistake.getMessage());
                UnmatchedArgumentException.printSuggestions(mistake, err);
            }
        }
        err.println("Try './bame" + subcommand(command) + " --help'.");
        return ExitCode.USAGE;
    }

    private static String subcommand(CommandLine command) {
        return command.getCommandSpec().qualifiedName().replaceFirst("^bame", "");
    }

    /** Commands come from Guice, picocli's own helpers from picocli. */
    private record InjectingFactory(Injector injector) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return injector.getInstance(type);
            } catch (com.google.inject.ConfigurationException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
