package org.bame.datasets.files;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Downloads one file over HTTP, with messages on the way, and gives up when nothing arrives any more. */
final class FileDownload {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final long REPORT_BYTES = 16L << 20;
    private static final int OK = 200;

    private final Duration stallTimeout;
    private final Consumer<String> progress;

    /**
     * @param stallTimeout how long the file may stay the same size before the download is given up
     * @param progress receives a line every 16 MiB
     */
    FileDownload(Duration stallTimeout, Consumer<String> progress) {
        this.stallTimeout = stallTimeout;
        this.progress = progress;
    }

    /**
     * Downloads into a file, replacing its content.
     *
     * @throws IOException if the server cannot be reached, answers with anything but 200, or stops sending
     */
    void fetch(URI uri, Path target) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(RESPONSE_TIMEOUT).GET().build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL).build()) {
            try {
                HttpResponse<Path> response = await(uri, client.sendAsync(request, BodyHandlers.ofFile(target)),
                        target);
                if (response.statusCode() != OK) {
                    throw new IOException("the server answered with status " + response.statusCode() + ", expected "
                            + OK);
                }
            } finally {
                client.shutdownNow();
            }
        }
    }

    private HttpResponse<Path> await(URI uri, CompletableFuture<HttpResponse<Path>> answer, Path target)
            throws IOException, InterruptedException {
        long size = 0;
        long reported = 0;
        long lastGrowth = System.nanoTime();
        while (true) {
            try {
                return answer.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = Files.exists(target) ? Files.size(target) : 0;
                if (now > size) {
                    size = now;
                    lastGrowth = System.nanoTime();
                } else if (System.nanoTime() - lastGrowth > stallTimeout.toNanos()) {
                    throw new IOException("nothing arrived for " + stallTimeout.toSeconds() + " s after "
                            + size + " bytes", e);
                }
                if (size - reported >= REPORT_BYTES) {
                    reported = size;
                    progress.accept("Downloaded %,d MiB".formatted(size >> 20));
                }
            } catch (ExecutionException e) {
                throw failure(uri, e.getCause());
            }
        }
    }

    /** Without a network the client's exceptions have no message, or a puzzling one. */
    private static IOException failure(URI uri, Throwable cause) {
        boolean unreachable = cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnknownHostException;
        if (unreachable) {
            return new IOException("cannot reach " + uri.getAuthority() + " (" + cause.getClass().getSimpleName() + ")",
                    cause);
        }
        return cause instanceof IOException failure ? failure : new IOException(cause);
    }
}
