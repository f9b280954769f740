package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CompilerWatchTest {

    /** Whatever else this process compiles comes to an end. */
    @Test
    @Timeout(60)
    void isQuietOnlyAfterAWhile() throws InterruptedException {
        CompilerWatch watch = new CompilerWatch();
        long start = System.nanoTime();
        assertThat(watch.isQuiet()).isFalse();
        while (!watch.isQuiet()) {
            Thread.sleep(5);
        }
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    }
}
