package org.bame.layer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.bame.method.TrainingMethod;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The file of a {@link SparseTrainer}: a zip that {@link ModelSerializer} reads as a model, with the entries
 * {@value #ENTRY} and {@value #AVERAGE} for what Deeplearning4j does not know.
 *
 * @param graph written and restored
 * @param run what the run is: settings, pattern, method
 * @param method or null
 * @param driver of the method
 * @param average of the parameters, or null
 */
record TrainerCheckpoint(
        ComputationGraph graph, String run, TrainingMethod method, MethodDriver driver, WeightAverage average) {
    static final String ENTRY = "sparseTrainer.bin";
    static final String AVERAGE = "averagedCoefficients.bin";
    private static final int FORMAT = 3;

    /**
     * Writes the file, which is on the disk when this returns.
     *
     * @param stepIndex optimizer steps taken
     * @param entries of the caller, by name
     */
    void write(Path file, long stepIndex, Map<String, byte[]> entries) throws IOException {
        Path target = file.toAbsolutePath();
        // Always the same name, so that what a killed process left is written over; readable by whom the folder is for.
        Path temporary = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            try (ZipOutputStream zip =
                    new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16))) {
                // Weights hardly compress; the slower levels would only cost time.
                zip.setLevel(Deflater.BEST_SPEED);
                zip.putNextEntry(new ZipEntry(ModelSerializer.CONFIGURATION_JSON));
                zip.write(graph.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
                array(zip, ModelSerializer.COEFFICIENTS_BIN, graph.params());
                array(zip, ModelSerializer.UPDATER_BIN, graph.getUpdater().getStateViewArray());
                array(zip, AVERAGE, averageArray());
                zip.putNextEntry(new ZipEntry(ENTRY));
                DataOutputStream out = new DataOutputStream(zip);
                out.writeInt(FORMAT);
                out.writeUTF(signature());
                out.writeLong(stepIndex);
                out.writeInt(graph.getConfiguration().getIterationCount());
                out.writeInt(graph.getConfiguration().getEpochCount());
                out.writeLong(Nd4j.getRandom().rootState());
                out.writeLong(Nd4j.getRandom().nodeState());
                driver.saveChoices(out);
                if (method != null) {
                    method.save(out);
                }
                out.flush();
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue());
                }
            }
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Restores graph and method; returns the step index.
     *
     * @throws IllegalArgumentException if the file belongs to another run; then no parameter has changed
     */
    long read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile());
                DataInputStream in = new DataInputStream(new BufferedInputStream(open(zip, ENTRY, file)))) {
            int format = in.readInt();
            if (format != FORMAT) {
                throw new IllegalArgumentException(file + ": got checkpoint format " + format + ", expected " + FORMAT
                        + ": finish this run with the version that wrote the file, or train anew");
            }
            requireEqual(file, "run", in.readUTF(), signature());
            long stepIndex = in.readLong();
            int iterations = in.readInt();
            int epochs = in.readInt();
            long rootState = in.readLong();
            long nodeState = in.readLong();
            List<LayerExecution> choices = driver.readChoices(in);
            INDArray savedParameters = array(zip, ModelSerializer.COEFFICIENTS_BIN, file);
            INDArray state = graph.getUpdater().getStateViewArray();
            INDArray savedState = state == null ? null : array(zip, ModelSerializer.UPDATER_BIN, file);
            INDArray savedAverage = average == null ? null : array(zip, AVERAGE, file);
            requireSameSize(file, "parameters", savedParameters, graph.params());
            requireSameSize(file, "numbers of optimizer state", savedState, state);
            requireSameSize(file, "averaged parameters", savedAverage, averageArray());
            // The method's checks come before the first assignment too.
            if (method != null) {
                method.restore(in);
            }
            driver.restoreChoices(choices);
            graph.getConfiguration().setIterationCount(iterations);
            graph.getConfiguration().setEpochCount(epochs);
            graph.params().assign(savedParameters);
            if (state != null) {
                state.assign(savedState);
            }
            if (average != null) {
                average.array().assign(savedAverage);
            }
            Nd4j.getRandom().setStates(rootState, nodeState);
            return stepIndex;
        }
    }

    private static void requireSameSize(Path file, String what, INDArray got, INDArray expected) {
        if (expected != null) {
            requireEqual(file, what, Long.toString(got.length()), Long.toString(expected.length()));
        }
    }

    private static void requireEqual(Path file, String what, String got, String expected) {
        if (!got.equals(expected)) {
            throw new IllegalArgumentException(file + " belongs to another run; " + what + " got\n  " + got
                    + "\nexpected\n  " + expected + "\nRestore it with the network, pattern, method and settings that"
                    + " wrote it, or train anew");
        }
    }

    private INDArray averageArray() {
        return average == null ? null : average.array();
    }

    private String signature() {
        StringBuilder text = new StringBuilder(run).append(", ");
        text.append(graph.numParams()).append(" parameters:");
        int hash = 0;
        for (var parameter : graph.paramTable().entrySet()) {
            hash = 31 * hash + parameter.getKey().hashCode();
            hash = 31 * hash + java.util.Arrays.hashCode(parameter.getValue().shape());
        }
        return text.append(Integer.toHexString(hash)).toString();
    }

    private static void array(ZipOutputStream zip, String entry, INDArray array) throws IOException {
        if (array == null) {
            return;
        }
        zip.putNextEntry(new ZipEntry(entry));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(zip));
        Nd4j.write(array, out);
        out.flush();
    }

    private static INDArray array(ZipFile zip, String entry, Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(open(zip, entry, file)))) {
            return Nd4j.read(in);
        }
    }

    private static InputStream open(ZipFile zip, String entry, Path file) throws IOException {
        ZipEntry found = zip.getEntry(entry);
        if (found == null) {
            throw new IllegalArgumentException(file + " has no entry '" + entry
                    + "': it was not written by SparseTrainer.save; load plain models with ModelSerializer");
        }
        return zip.getInputStream(found);
    }
}
