package org.bame.datasets.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

class IoFailureTest {

    @Test
    void saysMoreThanAPath() {
        assertThat(IoFailure.reason(new AccessDeniedException("/data/x"))).isEqualTo("AccessDeniedException: /data/x");
        assertThat(IoFailure.reason(new ConnectException())).isEqualTo("ConnectException");
        assertThat(IoFailure.reason(new IOException("the disk is full"))).isEqualTo("the disk is full");
    }
}
