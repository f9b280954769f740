package org.bame.harness.results;

/**
 * A row of {@code environments.csv}: a machine and build. Its id is a hash of all the other fields.
 *
 * @param id short hash
 * @param device name of the device, as in {@code cpu}
 * @param cpu model name
 * @param coresUsed threads that kernels use
 * @param coresAvailable processors that the JVM sees
 * @param memoryBytes physical memory
 * @param operatingSystem name, version and architecture
 * @param vectorBits width of the SIMD registers used; 0 without SIMD
 * @param provider which kernels run, and why
 * @param jdk vendor and version
 * @param jvmFlags options of this JVM
 * @param libraries names and versions
 * @param commit of the source, {@code -dirty} behind it if what is built from it differed
 * @param dataChecksums SHA-256 of every file read, with its verdict
 * @param malloc settings of the native allocator and of native threads, and those of the processes compared with
 */
public record EnvironmentRow(
        String id,
        String device,
        String cpu,
        int coresUsed,
        int coresAvailable,
        long memoryBytes,
        String operatingSystem,
        int vectorBits,
        String provider,
        String jdk,
        String jvmFlags,
        String libraries,
        String commit,
        String dataChecksums,
        String malloc) {

    /** The file's columns. */
    public static final CsvTable<EnvironmentRow> TABLE = CsvTable.of("environments.csv", EnvironmentRow::id)
            .keyedBy("environment_id")
            .column("device", EnvironmentRow::device)
            .column("cpu", EnvironmentRow::cpu)
            .column("cores_used", EnvironmentRow::coresUsed)
            .column("cores_available", EnvironmentRow::coresAvailable)
            .column("memory_bytes", EnvironmentRow::memoryBytes)
            .column("operating_system", EnvironmentRow::operatingSystem)
            .column("vector_bits", EnvironmentRow::vectorBits)
            .column("provider", EnvironmentRow::provider)
            .column("jdk", EnvironmentRow::jdk)
            .column("jvm_flags", EnvironmentRow::jvmFlags)
            .column("libraries", EnvironmentRow::libraries)
            .column("commit", EnvironmentRow::commit)
            .column("data_checksums", EnvironmentRow::dataChecksums)
            .column("malloc", EnvironmentRow::malloc);
}
