package org.bame.datasets.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.InMemoryImages;
import org.bame.datasets.SourceFile;
import org.bame.datasets.Verdict;
import org.bame.datasets.files.ArchiveAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from a web server on this machine to images in memory. */
@Timeout(60)
final class Cifar10DownloadTest {

    private static final int RECORDS = 2;
    private static final CifarFormat SMALL = CifarFormat.CIFAR10.withRecords(RECORDS, RECORDS);
    private static final String ANY_MD5 = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path temporary;
    private Path root;
    private HttpServer server;
    private volatile byte[] served;
    private volatile int status = 200;
    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> messages = new ArrayList<>();

    @BeforeEach
    void serve() throws IOException {
        root = temporary.resolve("not/there/yet");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/cifar.tar.gz", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(status, served.length);
            exchange.getResponseBody().write(served);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void downloadsChecksUnpacksAndRemembers() throws IOException {
        served = archive(CifarFormat.CIFAR10.folder() + "/", CifarFormat.CIFAR10.all());

        ImageDataSet data = load(md5(served));

        assertThat(data.train().size()).isEqualTo(5 * RECORDS);
        assertThat(((InMemoryImages) data.train()).pixel(2, 0, 0, 0)).isEqualTo(1);
        assertThat(data.provenance().files()).extracting(SourceFile::verdict).containsOnly(Verdict.OFFICIAL);
        assertThat(messages).anyMatch(message -> message.startsWith("Downloading http://"));
        assertThat(root.resolve(CifarFormat.CIFAR10.folder()).resolve(UnpackedRecord.FILE_NAME)).isRegularFile();
        assertNothingPartial();

        assertThat(load(md5(served)).provenance()).isEqualTo(data.provenance());
        assertThat(requests).hasValue(1);
    }

    @Test
    void aWrongChecksumLeavesNothingBehind() throws IOException {
        served = archive(CifarFormat.CIFAR10.folder() + "/", CifarFormat.CIFAR10.all());

        assertThatThrownBy(() -> load(ANY_MD5)).isInstanceOf(DataSetException.class)
                .hasMessageContaining("has MD5 " + md5(served)).hasMessageContaining("expected " + ANY_MD5)
                .hasMessageContaining("cifar.tar.gz").hasMessageContaining("--data-dir");
        assertThat(root.resolve(CifarFormat.CIFAR10.folder())).doesNotExist();
        assertNothingPartial();
    }

    @Test
    void whatAKilledDownloadLeftIsReplaced() throws IOException {
        served = archive(CifarFormat.CIFAR10.folder() + "/", CifarFormat.CIFAR10.all());
        Files.createDirectories(root.resolve("." + CifarFormat.CIFAR10.folder() + ".partial/" + CifarFormat.CIFAR10
                .folder()));
        Files.write(root.resolve(".cifar.tar.gz.partial"), new byte[served.length + 100]);

        assertThat(load(md5(served)).train().size()).isEqualTo(5 * RECORDS);
        assertNothingPartial();
    }

    @Test
    void anArchiveWithoutAllFilesIsRefused() throws IOException {
        served = archive(CifarFormat.CIFAR10.folder() + "/", CifarFormat.CIFAR10.train());

        assertThatThrownBy(() -> load(md5(served))).isInstanceOf(DataSetException.class)
                .hasMessageContaining("lacks cifar-10-batches-bin/test_batch.bin");
        assertThat(root.resolve(CifarFormat.CIFAR10.folder())).doesNotExist();
    }

    @Test
    void anEntryThatLeadsOutsideIsRefused() throws IOException {
        served = archive("../../", List.of("test_batch.bin"));

        assertThatThrownBy(() -> load(md5(served))).isInstanceOf(DataSetException.class)
                .hasMessageContaining("\"../../test_batch.bin\" leads outside");
        try (Stream<Path> files = Files.walk(temporary)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).doesNotContain("test_batch.bin");
        }
    }

    @Test
    void aLinkIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            String name = CifarFormat.CIFAR10.folder() + "/test_batch.bin";
            TarArchiveEntry link = new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK);
            link.setLinkName("/etc/hostname");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        served = bytes.toByteArray();

        assertThatThrownBy(() -> load(md5(served))).isInstanceOf(DataSetException.class)
                .hasMessageContaining("neither a file nor a folder");
    }

    @Test
    void aServerErrorIsReportedWithItsStatus() {
        served = new byte[10];
        status = 503;

        assertThatThrownBy(() -> load(ANY_MD5)).isInstanceOf(DataSetException.class)
                .hasMessageContaining("status 503").hasMessageContaining("--data-dir");
        assertNothingPartial();
    }

    @Test
    void withoutANetworkTheMessageNamesTheWayAround() throws IOException {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        ArchiveAddress nowhere = new ArchiveAddress(URI.create("http://localhost:" + unused + "/x.tar.gz"), ANY_MD5);

        assertThatThrownBy(() -> new Cifar(SMALL.from(nowhere)).load(request())).isInstanceOf(DataSetException.class)
                .hasMessageContaining("Could not install").hasMessageContaining("cannot reach localhost:" + unused)
                .hasMessageContaining("ConnectException").hasMessageContaining("--data-dir DIR");
        assertThat(root.resolve(CifarFormat.CIFAR10.folder())).doesNotExist();
    }

    private ImageDataSet load(String md5) {
        URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/cifar.tar.gz");
        return new Cifar(SMALL.from(new ArchiveAddress(uri, md5))).load(request());
    }

    private DataRequest request() {
        return new DataRequest(Optional.of(root), true, messages::add);
    }

    private void assertNothingPartial() {
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .noneMatch(name -> name.endsWith(".partial"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] archive(String prefix, List<String> names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (String name : names) {
                byte[] content = CifarFixture.records(RECORDS, CifarFormat.CIFAR10.all().indexOf(name));
                TarArchiveEntry entry = new TarArchiveEntry(prefix + name, true);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
