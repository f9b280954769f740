package org.bame.harness.report;

import java.util.List;
import org.bame.harness.results.RecordedRow;

/** The machines and builds behind all numbers. */
final class EnvironmentsSection implements Section {

    private static final List<String> HEADER = List.of(
            "environment",
            "CPU",
            "threads",
            "of",
            "memory, GiB",
            "vector bits",
            "commit",
            "system",
            "JDK",
            "kernels",
            "data");
    private static final double GIB = 1.0 / (1L << 30);

    @Override
    public String id() {
        return "environments";
    }

    @Override
    public String title() {
        return "Environments";
    }

    @Override
    public String introduction() {
        return "Machines and builds behind the numbers; -dirty stands behind a commit from which the sources differed.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        List<RecordedRow> environments = data.environments();
        return environments.isEmpty()
                ? List.of()
                : List.of(new Block.Numbers(new Table(
                        "From environments.csv; of checksums the first digits",
                        HEADER.size(),
                        HEADER,
                        environments.stream().map(EnvironmentsSection::row).toList())));
    }

    private static List<String> row(RecordedRow row) {
        return List.of(
                row.text("environment_id"),
                row.text("cpu"),
                row.text("cores_used"),
                row.text("cores_available"),
                NumberText.fixed(GIB * row.number("memory_bytes"), 1),
                row.text("vector_bits"),
                Provenance.commit(row),
                row.text("operating_system"),
                row.text("jdk"),
                row.text("provider"),
                row.text("data_checksums").replaceAll("=([0-9a-f]{8})[0-9a-f]+", " $1"));
    }
}
