package org.bame.harness.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The files that can be compared, and what makes two of their rows measurements of one thing. */
public enum ResultsKind {
    /** Runs, by name; several seeds of one are its sample. */
    RUNS("runs.csv", List.of("run_id", "workload", "method", "pattern", "seed", "status")),
    /** Kernel measurements. */
    KERNELS(
            "kernels.csv",
            List.of("provider", "shape_set", "shape", "product", "pattern", "data_type", "threads", "device")),
    /** Step measurements. */
    STEPS(
            "steps.csv",
            List.of("provider", "network", "batch", "method", "pattern", "phase", "threads", "device")),
    /** Points of a scale study. */
    SCALE(
            "scale.csv",
            List.of("provider", "network", "data_set", "method", "pattern", "batch", "width", "threads", "device")),
    /** How fast batches are made. */
    DATA("data.csv", List.of("data_set", "augmentation", "image_size", "batch", "threads"));

    private final String fileName;
    private final List<String> key;

    ResultsKind(String fileName, List<String> key) {
        this.fileName = fileName;
        this.key = key;
    }

    /** Name of the file in a results folder. */
    public String fileName() {
        return fileName;
    }

    /** Columns by which rows are found again, without when and where they were measured. */
    List<String> key() {
        return key;
    }

    /** The kind of a file that has such columns; none if it can be no results to compare. */
    static Optional<ResultsKind> of(List<String> header) {
        return Arrays.stream(values()).filter(kind -> header.containsAll(kind.key)).findFirst();
    }

    static String fileNames() {
        return Arrays.stream(values()).map(ResultsKind::fileName).collect(Collectors.joining(", "));
    }
}
