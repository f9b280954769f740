package org.bame.harness.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Results files of a few columns, for tests. */
final class ResultsFiles {

    private final Path folder;
    private final Map<String, List<Map<String, String>>> files = new LinkedHashMap<>();

    ResultsFiles(Path folder) {
        this.folder = folder;
    }

    /** A run of 1:4 with changes to its usual fields, as in {@code method=bame}. */
    ResultsFiles run(long seed, double top1, String... changes) {
        return row(
                "runs.csv",
                "environment_id=e1,run_id=w-sr-ste-1-4-s" + seed + "-0a,workload=w,method=sr-ste,pattern=1:4,seed="
                        + seed
                        + ",final_top1=" + top1
                        + ",final_loss=0.5,train_ratio_paper=0.75,test_ratio=0.25,train_seconds=100,status=finished",
                changes);
    }

    /** A row of a kernel that takes so long, with a noise of 1 %. */
    ResultsFiles kernel(String shape, double nanos, String... changes) {
        return row(
                "kernels.csv",
                "environment_id=e1,started_at=t1,device=cpu,provider=simd512,shape_set=notes,shape=" + shape
                        + ",product=forward,pattern=1:4,data_type=float32,threads=2,median_nanos=" + nanos
                        + ",p10_nanos=" + nanos / 1.01 + ",p90_nanos=" + nanos * 1.01
                        + ",speedup_vs_dense=2,speedup_vs_peer=1.5,peer=onednn-3.13.0",
                changes);
    }

    /** A step that takes so long on average, whatever its median. */
    ResultsFiles step(String method, double meanNanos, String... changes) {
        return row(
                "steps.csv",
                "environment_id=e1,started_at=t1,device=cpu,network=resnet8,batch=128,method=" + method
                        + ",pattern=1:4,phase=steady,provider=simd512,threads=2,median_nanos=1000,p10_nanos=990"
                        + ",p90_nanos=1010,mean_nanos=" + meanNanos + ",speedup_vs_dense=2,speedup_vs_peer=,peer=",
                changes);
    }

    ResultsFiles environment(String id, String cpu, String commit) {
        return row(
                "environments.csv",
                "environment_id=" + id + ",device=cpu,cpu=" + cpu
                        + ",cores_used=2,vector_bits=512,provider=simd512: SIMD"
                        + ",commit=" + commit + ",data_checksums=a=1; b=2");
    }

    private ResultsFiles row(String file, String usual, String... changes) {
        Map<String, String> row = new LinkedHashMap<>();
        for (String field : usual.split(",")) {
            row.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
        }
        for (String change : changes) {
            row.put(change.substring(0, change.indexOf('=')), change.substring(change.indexOf('=') + 1));
        }
        files.computeIfAbsent(file, name -> new ArrayList<>()).add(row);
        return this;
    }

    /** Writes what was added, and reads it. */
    ResultsSource source() {
        write();
        return ResultsSource.read(folder);
    }

    Path write() {
        files.forEach((name, rows) -> {
            List<String> lines = new ArrayList<>();
            lines.add("schema," + String.join(",", rows.getFirst().keySet()));
            rows.forEach(row -> lines.add("4," + String.join(",", row.values())));
            try {
                Files.createDirectories(folder);
                Files.writeString(folder.resolve(name), String.join("\r\n", lines) + "\r\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return folder;
    }

    static CompareOptions options() {
        return new CompareOptions(new Tolerances(0.5, 5), Set.of(), List.of(), false);
    }
}
