package org.bame.harness.results;

/**
 * What identifies a run in every file.
 *
 * @param runId readable text and a short hash of the whole configuration
 * @param workload data set x network x recipe
 * @param dataSet name
 * @param network name
 * @param method name, with the variant behind a slash if it has one
 * @param pattern as in {@code 2:4}, {@code 1:4/g4}, {@code unstructured@0.75} or {@code fan_in@0.9}, or {@code dense}
 * @param seed of the run
 */
public record RunKey(
        String runId, String workload, String dataSet, String network, String method, String pattern, long seed) {}
