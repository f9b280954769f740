package org.bame.harness.results;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.bame.datasets.files.IoFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CSV file that several processes may append to. A row whose key the file already has is left out, so a resumed run
 * that comes to a row again changes nothing. Rows are never rewritten; only the torn last line that a kill left
 * behind is cut off before the next append, and passed over by whoever reads before that.
 *
 * @param <R> type of a row
 */
public final class CsvFile<R> {

    private static final Logger LOG = LoggerFactory.getLogger(CsvFile.class);
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator("\r\n").get();
    private static final String REMEDY = ". Give another folder with --out, or move the old file away.";
    /** File locks are the process's, not the thread's: threads of one process take turns by these. */
    private static final Map<Path, Object> MONITORS = new ConcurrentHashMap<>();

    private final CsvTable<R> table;
    private final Path path;
    private final Path lockPath;
    private final Object monitor;
    private KnownRows known = new KnownRows();

    /** The table's file in a folder, which must exist. */
    public CsvFile(CsvTable<R> table, Path folder) {
        this.table = table;
        this.path = folder.resolve(table.fileName()).toAbsolutePath().normalize();
        // Not the file itself: a process loses its lock on a file as soon as it closes any other handle of it.
        this.lockPath = ResultsFolder.lockFile(path.getParent(), table.fileName());
        this.monitor = MONITORS.computeIfAbsent(path, p -> new Object());
    }

    /**
     * Writes a file that belongs to no results folder; one that is there is replaced.
     *
     * @throws ResultsException if it cannot be written
     */
    public static <R> void replace(CsvTable<R> table, Path file, List<R> rows) {
        try (CSVPrinter printer = new CSVPrinter(Files.newBufferedWriter(file), FORMAT)) {
            printer.printRecord(table.header());
            for (R row : rows) {
                printer.printRecord(table.fields(row));
            }
        } catch (IOException e) {
            throw new ResultsException(
                    "Cannot write " + file + ": " + IoFailure.reason(e) + ". Name a file in a writable folder.", e);
        }
    }

    /** Where the file is. */
    public Path path() {
        return path;
    }

    /**
     * Checks an existing file's header and the version of its rows, and warns of damaged rows.
     *
     * @throws ResultsException if header or version are others than this build writes
     */
    public void check() {
        synchronized (monitor) {
            byte[] content = content();
            rows(content, 0);
            long damaged = records(content).stream().skip(1).filter(record -> !isWhole(record)).count();
            if (damaged > 0) {
                LOG.warn(
                        "{}: rows that do not have {} fields are passed over: {}. Repair or remove them.",
                        path,
                        table.header().size(),
                        damaged);
            }
        }
    }

    /** Visits every row, oldest first, as fields by column name. */
    public void forEachRow(Consumer<Map<String, String>> visitor) {
        List<String> header = table.header();
        List<CSVRecord> rows;
        synchronized (monitor) {
            rows = rows(content(), 0);
        }
        for (CSVRecord record : rows) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < header.size(); i++) {
                row.put(header.get(i), record.get(i));
            }
            visitor.accept(row);
        }
    }

    /** All bytes of the file; none if it is not there. */
    private byte[] content() {
        try {
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return new byte[0];
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The end of the last whole line. What stands behind it was torn by a kill, or is being written right now. */
    private static int wholeLength(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /**
     * The whole rows, which must be of this version, as the header must be this table's.
     *
     * @param content of the file
     * @param linesBefore it; the header is the file's first line
     */
    private List<CSVRecord> rows(byte[] content, long linesBefore) {
        List<CSVRecord> records = records(content);
        boolean headed = linesBefore == 0 && !records.isEmpty();
        if (headed) {
            requireHeader(records.getFirst().toList());
        }
        List<CSVRecord> rows =
                records.stream().skip(headed ? 1 : 0).filter(this::isWhole).toList();
        rows.forEach(row -> requireSchema(row, linesBefore));
        return rows;
    }

    private boolean isWhole(CSVRecord record) {
        return record.size() == table.header().size();
    }

    /** Header and rows, without a torn last line. */
    private List<CSVRecord> records(byte[] content) {
        String text = new String(content, 0, wholeLength(content), StandardCharsets.UTF_8);
        try (CSVParser parser = FORMAT.parse(new StringReader(text))) {
            return parser.getRecords();
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(e);
        }
    }

    private ResultsException unreadable(Exception failure) {
        return new ResultsException(
                "Cannot read " + path + ": " + IoFailure.reason(failure)
                        + ". Make it readable, repair the line, or give another folder with --out.",
                failure);
    }

    /**
     * Appends the rows whose keys are new, and forces them to the disk. What this object has read or written before is not
     * read again.
     *
     * @return how many were new
     */
    public int append(List<R> rows) {
        if (rows.isEmpty()) {
            return 0;
        }
        Map<List<String>, List<String>> fresh = new LinkedHashMap<>();
        for (R row : rows) {
            List<String> fields = table.fields(row);
            fresh.putIfAbsent(table.key(fields), fields);
        }
        synchronized (monitor) {
            try (FileChannel locking =
                    FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = locking.lock();
                    FileChannel channel = FileChannel.open(
                            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                readOn(channel);
                fresh.keySet().removeIf(known::contains);
                byte[] text = text(fresh.values());
                ByteBuffer bytes = ByteBuffer.wrap(text);
                channel.position(known.end());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
                known.add(text, text.length, fresh.keySet());
            } catch (IOException e) {
                throw new ResultsException("Cannot append to " + path + ": " + IoFailure.reason(e)
                        + ". Check that the folder is writable and the disk not full.", e);
            }
        }
        return fresh.size();
    }

    /** Reads what others have appended since the last time, and cuts off a torn last line. */
    private void readOn(FileChannel channel) throws IOException {
        if (!known.areIn(channel)) {
            known = new KnownRows();
        }
        byte[] behind = known.behind(channel);
        int whole = wholeLength(behind);
        List<CSVRecord> rows = rows(behind, known.lines());
        known.add(behind, whole, rows.stream().map(row -> table.key(row.toList())).toList());
        if (whole < behind.length) {
            LOG.warn(
                    "{}: cut off an unfinished last line of {} bytes, left by an interrupted write",
                    path,
                    behind.length - whole);
            channel.truncate(known.end());
        }
    }

    /** The rows as the file has them, behind a header if they are its first. */
    private byte[] text(Collection<List<String>> rows) throws IOException {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            if (known.end() == 0) {
                printer.printRecord(table.header());
            }
            printer.printRecords(rows);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void requireHeader(List<String> found) {
        List<String> expected = table.header();
        if (!found.equals(expected)) {
            throw new ResultsException(path + " has other columns than this version writes: got "
                    + String.join(",", found) + ", expected " + String.join(",", expected)
                    + REMEDY);
        }
    }

    /** Columns of one name may mean something else in another version. */
    private void requireSchema(CSVRecord row, long linesBefore) {
        if (!row.get(0).equals(CsvTable.schema())) {
            throw new ResultsException(path + " has rows of another version: got schema " + row.get(0) + " in line "
                    + (linesBefore + row.getRecordNumber()) + ", expected schema " + CsvTable.schema() + REMEDY);
        }
    }
}
