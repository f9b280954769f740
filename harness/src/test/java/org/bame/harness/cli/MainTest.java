package org.bame.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bame.harness.SuiteLoader;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.results.RunRow;
import org.bame.method.Key;
import org.bame.method.MethodFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sweep", "run", "flops", "compare", "report", "list", "data", "doctor"})
    void everyCommandHasHelpWithExamples(String command) {
        assertThat(execute(command, "--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Usage: bame " + command).contains("./bame " + command);
    }

    @Test
    void withoutCommandShowsWhatThereIs() {
        assertThat(execute()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("sweep", "flops", "doctor");
    }

    @Test
    void unknownCommandsAndOptionsAreUsageErrors() {
        assertThat(execute("swep", "quickstart")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("sweep").contains("--help");
        assertThat(execute("flops", "--netwrk", "resnet50")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--network");
    }

    @Test
    void flopsPrintsTheFiguresOfTheSpecification() {
        assertThat(execute(
                "flops",
                "--network",
                "resnet50",
                "--data-set",
                "imagenet",
                "--pattern",
                "1:16",
                "--reference",
                "../results/reference.csv"))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("4.0892 GMACs").contains("600,480 steps");
        assertThat(row("sr-ste")).containsExactly(
                "sr-ste", "0.6967", "0.3934", "0.6967", "0.0900", "0.3681", "1.00x", "1.00x", "1.00x", "-");
        assertThat(row("bame")).startsWith("bame", "0.2937").containsSubsequence("2.37x", "2.04x", "1.00x");
        assertThat(out.toString()).containsPattern("(?m)^bame .* 0\\.294, derived \\(BAME abstract\\)$");
        assertThat(row("bame/tile")).contains("0.4945").endsWith("1.41x", "-");
        assertThat(row("dense")).startsWith("dense", "1.0000", "1.0000", "1.0000", "1.0000");
        // methods.md 3.3: the ramp from epoch 0 to 30 of 120.
        assertThat(Double.parseDouble(row("maxq").get(1))).isCloseTo(0.736, within(5e-4));
    }

    /** The cost vectors of methods.md 3.1 and 3.4 at 1:4, for the run and its phases. */
    @Test
    void flopsShowsWhichProductsRunSparse() throws IOException {
        Path csv = folder.resolve("flops.csv");

        assertThat(execute(
                "flops", "--network", "resnet32", "--pattern", "1:4", "--methods", "sr-ste,maxq,bame,static", "--csv",
                csv.toString()))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("density of (forward, input gradient, weight gradient)");
        assertProducts("sr-ste +run", "\\(0.2500, 1, 1\\) +\\(0.2500, 0.2500, 1\\) +\\(0.2500, 1, 1\\)");
        assertProducts("static +run", "\\(0.2500, 0.2500, 0.2500\\) +\\(0.2500, 0.2500, 0.2500\\) +\\(0.2500, 1, 1\\)");
        assertProducts("maxq +steady", "\\(0.2500, 1, 1\\) +\\(0.2500, 0.2500, 1\\) +\\(0.2500, 1, 1\\)");
        assertProducts("bame +initial", "\\(0.2500, 1, 1\\) +\\(0.2500, 0.2500, 1\\) +\\(0.2500, 1, 1\\)");
        // A dense weight gradient every 100 steps: 0.25 + 0.75 / 100.
        assertProducts("bame +adapting",
                "\\(0.2500, 0.2500, 0.2575\\) +\\(0.2500, 0.2500, 0.2575\\) +\\(0.2500, 1, 1\\)");
        assertProducts("bame/tile +frozen", "\\(0.2500, 0.2500, 0.2500\\) .* \\(0.2500, 0.2500, 1\\)");
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines.getFirst())
                .contains(",method,phase,train_ratio_paper,")
                .contains(",cpu_executed_forward_density,cpu_executed_input_gradient_density,")
                .endsWith(",nm_hardware_weight_gradient_density,published");
        assertThat(lines)
                .filteredOn(line -> line.contains(",maxq,"))
                .extracting(line -> line.split(",")[7])
                .containsExactly("run", "ramp", "steady");
        assertThat(lines)
                .filteredOn(line -> line.contains(",sr-ste,"))
                .singleElement()
                .asString()
                .endsWith(",0.25,1.0,1.0,0.25,0.25,1.0,0.25,1.0,1.0,");
    }

    private void assertProducts(String methodAndPhase, String densities) {
        assertThat(out.toString()).containsPattern("(?m)^" + methodAndPhase + " +" + densities + "$");
    }

    /** Outputs that share positions skip no more than others, on N:M hardware neither. */
    @ParameterizedTest
    @ValueSource(strings = {"1:16", "1:16/g4"})
    void flopsTakesOptionsOfMethods(String pattern) {
        assertThat(execute(
                "flops",
                "--network",
                "resnet50",
                "--pattern",
                pattern,
                "--methods",
                "bame",
                "--set",
                "bame.finalFraction=1"))
                .isEqualTo(ExitCode.OK);
        assertThat(row("bame")).contains("0.2943", "0.1932", "0.6967", "2.37x", "2.04x");
        assertThat(out.toString()).doesNotContain("maxq");
    }

    @Test
    void flopsShowsLayersAndWritesCsv() throws IOException {
        Path csv = folder.resolve("flops.csv");

        assertThat(execute(
                "flops",
                "--network",
                "resnet32",
                "--data-set",
                "cifar10",
                "--pattern",
                "1:4,1:32",
                "--methods",
                "dense,sr-ste",
                "--layers",
                "--csv",
                csv.toString()))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("no: stem layers stay dense")
                .contains("yes: input channels 16 = 4 blocks of 4")
                .contains("no: input channels 16 are not divisible by M=32")
                .contains("no: classifier layers stay dense");
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).hasSize(5);
        assertThat(lines.getFirst()).startsWith(
                "schema,network,data_set,epochs,batch,pattern,method,phase,train_ratio_paper");
        assertThat(lines.get(1)).startsWith("4,resnet32,cifar10,300,256,1:4,dense,run,1.0,1.0,1.0,1.0,6.88");
    }

    /** Methods that were not asked for are left out where they cannot train; others are a mistake. */
    @Test
    void flopsKnowsWhichMethodsTrainByAPattern() {
        assertThat(execute("flops", "--network", "resnet20", "--pattern", "unstructured@0.75,fan_in@0.75/erk",
                "--layers"))
                .isEqualTo(ExitCode.OK);
        assertThat(row("sr-ste")).contains("1.00x");
        assertThat(out.toString())
                .contains("pattern unstructured@0.75: ", "yes: keeps 576 of 2304 weights", "pattern fan_in@0.75/erk: ")
                .doesNotContain("maxq");

        assertThat(execute("flops", "--network", "resnet20", "--pattern", "1:4,unstructured@0.75", "--methods",
                "maxq,bame,ste")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 mistakes", "'unstructured@0.75' for maxq", "for bame", "such as 1:4");
    }

    @Test
    void flopsTellsEveryMistake() {
        assertThat(execute("flops", "--network", "resnet51", "--pattern", "5:4", "--methods", "sr_ste", "--set", "x=1"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("4 mistakes")
                .contains("Did you mean 'resnet50'?")
                .contains("'5:4'")
                .contains("Did you mean 'sr-ste'?")
                .contains("--set");
        assertThat(out.toString()).isEmpty();

        assertThat(execute("flops", "--network", "resnet20", "--pattern", "5:4", "--set", "bame.tau=high", "--set",
                "bame.taau=1")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("3 mistakes", "'5:4'", "--set bame: tau: got 'high'",
                "Did you mean 'tau'?");
        assertThat(execute("flops", "--network", "resnet20", "--batch", "999999")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--batch: got 999999, expected at most 50000 training images");
    }

    @Test
    void listsWhatUsersCanName() {
        assertThat(execute("list", "methods", "--options")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("sr-ste:", "bame:", "finalFraction: 0.8", "one of SRSTE, STE");
        assertThat(out.toString()).contains("kappa: LR_T, assumed  (one of LR, LR_T, LR_T_MOMENTUM)",
                "LR is recommended");
        assertThat(execute("list", "networks")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Cannot be trained yet: counted-net: it is there");
        assertThat(execute("list", "data-sets")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("cifar10: ", "tiny: for tests");
        assertThat(execute("list", "recipes")).isEqualTo(ExitCode.OK);
        assertThat(execute("list", "sweeps")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("quickstart: ", "cifar10-resnet32: ");
        assertThat(execute("list", "method")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Did you mean 'methods'?");
        assertThat(execute("list", "networks", "resnet8")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("list networks: got the name 'resnet8'");
    }

    @Test
    void dataShowsAndChecks() {
        assertThat(execute("data", "synthetic10", "--data-dir", folder.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("4,000 + 1,000 images of 3x32x32").contains("GENERATED");
        assertThat(execute("data", "cifar10", "--data-dir", folder.toString())).isEqualTo(ExitCode.DATA);
        assertThat(out.toString()).contains("cifar10").contains("not usable");
        assertThat(execute("data", "cifar11")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aTextIsNamedAsAFileOrByItsFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("input.txt"), "to be or not to be\n".repeat(100));
        for (Path given : List.of(file, folder)) {
            assertThat(execute("data", "text", "--data-dir", given.toString())).isEqualTo(ExitCode.OK);
            assertThat(out.toString())
                    .contains("usable: 12 + 2 windows of 128 characters, 8 different ones; a text of your own")
                    .contains("UNKNOWN");
        }
        assertThat(execute("data", "cifar10", "--data-dir", file.toString())).isEqualTo(ExitCode.DATA);
        assertThat(out.toString()).contains("CIFAR-10 is not in " + file);
        assertThat(execute(
                "run", "--data-set", "text", "--network", "char-transformer", "--method", "sr-ste", "--pattern", "2:4",
                "--set", "recipe.batch=13", "--data-dir", file.toString(), "--no-warm-up", "--out",
                folder.resolve("out").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("a batch of 13 for 12 training images");
        assertThat(execute(
                "run", "--data-set", "text", "--network", "char-transformer", "--method", "sr-ste", "--pattern", "2:4",
                "--set", "recipe.epochs=1", "--set", "recipe.batch=6", "--data-dir", file.toString(), "--no-warm-up",
                "--threads", "2", "--out", folder.resolve("out").toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("text/char-transformer/text-short+epochs=1+batch=6", "sr-ste  2:4");
        assertThat(err.toString()).contains("epoch 1/1: loss ", " bits), test top-1 ", "losses compare only");
    }

    @Test
    void commandsThatReadNoDataKnowWhatANetworkReads() {
        assertThat(execute("flops", "--network", "char-transformer", "--pattern", "2:4")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("char-transformer on text (1x128x1, 65 classes): 0.1185 GMACs");
        assertThat(execute("flops", "--network", "char-transformer", "--data-set", "cifar10"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'cifar10' for char-transformer, which reads text, expected one of text");
        assertThat(execute("bench", "step", "--network", "char-transformer", "--data-set", "cifar10"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'cifar10' for char-transformer, which reads text, expected one of text");
    }

    @Test
    void epochsMayBeSaidOnceOnly() {
        List<String> run = List.of("run", "--data-set", "tiny", "--network", "tiny-net", "--method", "dense",
                "--no-download",
                "--out", folder.resolve("out").toString(), "--epochs", "0");
        assertThat(execute(run.toArray(String[]::new))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--set recipe.epochs: got 0, expected a number from 1");

        List<String> twice = new ArrayList<>(run);
        twice.addAll(List.of("--set", "recipe.epochs=3"));
        assertThat(execute(twice.toArray(String[]::new))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--epochs: got 0 beside --set recipe.epochs=3, expected one of them");
    }

    @Test
    void imageFoldersSayHowToGetThem() {
        assertThat(execute("data", "imagenet", "imagenette", "--data-dir", folder.toString())).isEqualTo(ExitCode.DATA);
        assertThat(out.toString()).contains("ImageNet is not in " + folder, "register at https://image-net.org",
                "Imagenette is not in " + folder, "imagenette2-160.tgz");
    }

    @Test
    void missingDataEndASweepBeforeItBegins() {
        assertThat(execute(
                "sweep",
                "cifar10-resnet32",
                "--no-download",
                "--data-dir",
                folder.toString(),
                "--out",
                folder.resolve("out").toString()))
                .isEqualTo(ExitCode.DATA);
        assertThat(err.toString()).contains(folder.toString());
    }

    @Test
    void thePaperIsPlannedWithoutDataAndTellsAllThatIsMissing() {
        String data = folder.toString();
        assertThat(execute("sweep", "paper", "--data-dir", data, "--no-download", "--dry-run")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("cifar10-resnet32-wide-bame-1-16-s1-", "imagenet-deit-s-lbc-2-8-s1-");
        assertThat(execute("sweep", "paper", "--data-dir", data, "--no-download", "--out", data + "/out"))
                .isEqualTo(ExitCode.DATA);
        assertThat(err.toString()).contains("2 data sets cannot be used", "CIFAR-10 is not in", "ImageNet is not in");
    }

    @Test
    void aMistypedDataFolderIsRefusedAndNotMade() {
        Path missing = folder.resolve("dta");
        for (List<String> command : List.of(List.of("data", "cifar10"), List.of("sweep", "cifar10-resnet32"))) {
            List<String> arguments = new ArrayList<>(command);
            arguments.addAll(List.of("--data-dir", missing.toString()));
            assertThat(execute(arguments.toArray(String[]::new))).isEqualTo(ExitCode.DATA);
            assertThat(out.toString() + err).contains(missing.toString(), "expected one that exists");
            assertThat(missing).doesNotExist();
        }
        assertThat(execute("data", "cifar10", "--data-dir", folder.toString())).isEqualTo(ExitCode.DATA);
        assertThat(out.toString()).contains("./bame data cifar10 --download");
    }

    @Test
    void aDryRunChecksOptionsOfTraining() {
        assertThat(execute("sweep", "quickstart", "--dry-run", "--threads", "0", "--device", "cpuu"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--threads", "Did you mean 'cpu'?");
    }

    @Test
    void whatWouldHangOrEndAtTheDataIsAMistakeBesideTheOthers() {
        assertThat(execute("run", "--data-set", "cifar10", "--network", "resnet8", "--method", "sr-ste", "--set",
                "recipe.imageSize=64", "--threads", "100000", "--data-threads", "100000"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("4 mistakes", "--threads: got 100000, expected 1 to ", "--data-threads: got 100000",
                        "--set recipe.imageSize: got 64 on 'cifar10', whose images are 3x32x32", "none for sr-ste");
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(execute("sweep", "quickstart", "--dry-run", "--threads", String.valueOf(4 * processors)))
                .isEqualTo(ExitCode.OK);
        assertThat(execute("sweep", "quickstart", "--dry-run", "--threads", String.valueOf(4 * processors + 1)))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void mistakesOfOptionsAndOfTheRunAreToldTogether() {
        assertThat(execute("run", "--data-set", "tiny", "--network", "tiny-nt", "--method", "bmae", "--pattern", "4:1",
                "--threads", "0", "--set", "nonsense", "--data-dir", folder.resolve("dta").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("5 mistakes", "--threads", "--set: got 'nonsense'", "Did you mean 'tiny-net'?",
                        "Did you mean 'bame'?", "--pattern: got '4:1'");
        assertThat(execute("sweep", "quickstart", "--threads", "0", "--patterns", "4:1", "--methods", "bmae"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("3 mistakes", "--threads", "'4:1'", "--methods: got 'bmae'");
        assertThat(execute("sweep", "quikstart", "--threads", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 mistakes", "--threads", "Did you mean 'quickstart'?");
    }

    @Test
    void mistakesOfARunAreToldByItsOptions() {
        assertThat(execute("run", "--data-set", "tiny", "--network", "tiny-net", "--method", "bame", "--set",
                "tau=high",
                "--set", "tuo=1", "--set", "recipe.epoch=1", "--limit", "-1", "--set", "mu=0",
                "--set", "mu=0.5"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("--set tau: got 'high'", "--set: got unknown key 'tuo'",
                        "--set recipe: got unknown key 'epoch'", "--limit: got -1",
                        "--set mu: got a second value '0.5'")
                .doesNotContain("methods[0]", "workloads[0]");
        assertThat(execute("run", "--data-set", "tiny", "--network", "tiny-net", "--method", "bame", "--set",
                "recipe.epochs=0")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 mistakes", "--pattern: got none for bame", "--set recipe.epochs: got 0");
        assertThat(execute("run", "--data-set", "synthetic10", "--network", "resnet8", "--method", "bame", "--pattern",
                "1:4", "--set", "mu=7")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("1 mistake:", "--set: mu is 7.0, expected at least 0, below 1 (bame at 1:4 on ")
                .doesNotContain("sound configuration");
    }

    @Test
    void mistakesOfFormAreToldTogether() {
        assertThat(execute("run", "--network", "tiny-net", "--threads", "two", "--seed", "x", "--netwrk", "y"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("'two' is not an int", "'x' is not a long", "--data-set", "--method", "'--netwrk'",
                        "Try './bame run --help'.")
                .containsOnlyOnce("Missing required options");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aDamagedStatusIsNoFailureOfTheProgram() throws IOException {
        ResultsFolder.open(folder);
        Files.writeString(folder.resolve("runs.csv"), String.join(",", RunRow.TABLE.header()) + "\r\n4"
                + ",".repeat(RunRow.TABLE.header().size() - 1) + "strange\r\n");

        assertThat(execute("sweep", "quickstart", "--out", folder.toString())).isEqualTo(ExitCode.USAGE);

        assertThat(err.toString()).contains("got status 'strange', expected one of finished, diverged, failed");
    }

    @Test
    void listsTheOptionsOfOneMethod() {
        assertThat(execute("list", "methods", "bame", "--options")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("measureEvery: 0, suite").doesNotContain("sr-ste");
        assertThat(execute("list", "methods", "--options", "bma")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'bma'", "bame");
    }

    /** Each with its default, what that rests on, its choices and its meaning, whatever method it is of. */
    @Test
    void listsWhatEveryOptionMeansAndRestsOn() {
        assertThat(execute("list", "methods", "--options")).isEqualTo(ExitCode.OK);
        List<String> lines = out.toString().lines().toList();
        for (MethodFactory<?> method : SuiteLoader.load().methods().values()) {
            int at = IntStream.range(0, lines.size())
                    .filter(line -> lines.get(line).startsWith(method.name() + ": "))
                    .findFirst()
                    .orElseThrow() + 3;
            RecordComponent[] components = method.defaults().getClass().getRecordComponents();
            if (components.length == 0) {
                assertThat(lines.get(at)).isEqualTo("      no options");
            }
            for (RecordComponent component : components) {
                Key key = component.getAnnotation(Key.class);
                assertThat(lines.get(at))
                        .startsWith("      " + component.getName() + ": ")
                        .contains(", " + key.status().name().toLowerCase(Locale.ROOT));
                if (component.getType().isEnum()) {
                    assertThat(lines.get(at)).contains(Arrays.stream(component.getType().getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", ", "  (one of ", ")")));
                }
                assertThat(lines.get(at + 1)).isEqualTo("          " + key.value());
                at += 2;
            }
        }
    }

    @Test
    void listAloneNamesItsKinds() {
        assertThat(execute("list")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("data-sets, methods, networks, recipes, sweeps");
    }

    @Test
    void sweepNamesAreSuggestedAndFilesPrinted() {
        assertThat(execute("sweep", "quikstart")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Did you mean 'quickstart'?");
        assertThat(execute("sweep", "quickstart", "--print")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("dataSet: synthetic10");
        assertThat(execute("sweep", "quickstart", "--dry-run", "--seeds", "1,2")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("synthetic10-resnet8-bame-1-4-s2-");
    }

    @Test
    void aResultsFolderOfAnotherVersionIsRefused() throws IOException {
        Files.writeString(folder.resolve("epochs.csv"), "epoch\r\n");
        assertThat(execute("sweep", "quickstart", "--out", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("epochs.csv has other columns");
    }

    @Test
    void aCheckpointOfAnotherConfigurationIsAMistakeInTheResultsFolder() throws IOException {
        assertThat(train("16")).as("%s", err).isEqualTo(ExitCode.OK);
        Path checkpoint = onlyCheckpoint();
        Path other = folder.resolve("other.zip");
        Files.move(checkpoint, other);
        assertThat(train("8")).as("%s", err).isEqualTo(ExitCode.OK);
        Files.move(other, onlyCheckpoint(), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(folder.resolve("runs.csv"));

        assertThat(train("8")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("cannot be used", "Delete it to train the run anew");
    }

    private int train(String batch) {
        return execute("run", "--data-set", "tiny", "--network", "tiny-net", "--method", "static", "--pattern", "1:4",
                "--set", "recipe.epochs=1", "--set", "recipe.batch=" + batch, "--threads", "1", "--no-warm-up", "--out",
                folder.toString());
    }

    private Path onlyCheckpoint() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
            List<Path> found = files.toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    @Test
    void trainsOneRunAndShowsTheTable() {
        assertThat(execute(
                "run",
                "--data-set",
                "tiny",
                "--network",
                "tiny-net",
                "--method",
                "bame",
                "--pattern",
                "1:4",
                "--set",
                "interval=2",
                "--set",
                "recipe.epochs=3",
                "--set",
                "recipe.batch=16",
                "--threads",
                "1",
                "--no-warm-up",
                "--out",
                folder.toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .contains("tiny/tiny-net/quick+epochs=3+batch=16")
                .contains("cpu_executed", "nm_hardware", "Times are executed");
        assertThat(err.toString()).contains("epoch 3/3").contains("images/s").contains("left");
        assertThat(folder.resolve("masks.csv")).exists();
    }

    /** Whatever was faster: what ran dense is counted dense, and said to be simulated. */
    @Test
    void kernelPolicyAutoSaysWhatItSimulated() {
        assertThat(execute("run", "--data-set", "tiny", "--network", "tiny-net", "--method", "static", "--pattern",
                "1:4",
                "--set", "recipe.epochs=1", "--kernel-policy", "auto", "--threads", "1", "--no-warm-up", "--out",
                folder.toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);

        List<String> policies = new ArrayList<>();
        ResultsFolder.open(folder).environments().forEachRow(row -> policies.add(row.get("provider")));
        assertThat(policies).singleElement().asString().contains("kernel policy auto");
        List<Map<String, String>> sparse = new ArrayList<>();
        ResultsFolder.open(folder).layers().forEachRow(row -> {
            if (row.get("density").equals("0.25")) {
                sparse.add(row);
            }
        });
        assertThat(sparse).isNotEmpty().allSatisfy(row -> assertThat(denseMacs(row, "forward"))
                .isEqualTo(denseMacs(row, "input_gradient"))
                .isEqualTo(denseMacs(row, "weight_gradient")));
    }

    private static long denseMacs(Map<String, String> row, String product) {
        String mode = row.get(product + "_mode");
        assertThat(mode).isIn("executed", "simulated");
        return (mode.equals("executed") ? 4 : 1) * Long.parseLong(row.get(product + "_macs"));
    }

    @Test
    void doctorShowsKernelsAndWhy() {
        assertThat(execute("doctor", "--data-dir", folder.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("JVM: ", "kernels: simd", "data folder: " + folder);
    }

    private List<String> row(String method) {
        return out.toString()
                .lines()
                .filter(line -> line.startsWith(method + " "))
                .map(line -> List.of(line.split("\\s+")))
                .findFirst()
                .orElseThrow();
    }

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
    }
}
