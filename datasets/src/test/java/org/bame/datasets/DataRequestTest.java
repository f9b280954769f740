package org.bame.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DataRequestTest {

    private static final Path HOME = Path.of("/home/someone");

    @Test
    void theFolderGivenWinsOverTheVariableAndTheVariableOverTheDefault() {
        DataRequest standard = DataRequest.standard(message -> {});
        Map<String, String> variable = Map.of(DataRequest.DATA_DIR_VARIABLE, "/data");

        assertThat(DataRequest.offline(Path.of("/mine")).root(variable, HOME)).isEqualTo(Path.of("/mine"));
        assertThat(standard.root(variable, HOME)).isEqualTo(Path.of("/data"));
        assertThat(standard.root(Map.of(), HOME)).isEqualTo(Path.of("/home/someone/.cache/bame/data"));
        assertThat(standard.root(Map.of(DataRequest.DATA_DIR_VARIABLE, " "), HOME))
                .isEqualTo(Path.of("/home/someone/.cache/bame/data"));
    }
}
