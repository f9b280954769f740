package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checked-in tiles are what {@link TileSources} writes. After a change there, run {@code mvn test
 * -Dtest=TileSourcesTest -Dbame.writeTiles=true}, then {@code mvn formatter:format}.
 */
class TileSourcesTest {
    private static final Path PACKAGE = Path.of("src/main/java/org/bame/kernel");

    @ParameterizedTest
    @ValueSource(strings = {"RowTiles", "RowGradientTiles", "GroupTiles", "ScatterTiles", "OuterTiles", "ChannelTiles"})
    void checkedInTilesAreTheGenerated(String name) throws IOException {
        Path file = PACKAGE.resolve(name + ".java");
        String generated = TileSources.source(name);
        if (Boolean.getBoolean("bame.writeTiles")) {
            Files.writeString(file, generated);
        }
        assertThat(tokens(Files.readString(file))).isEqualTo(tokens(generated));
    }

    /** Layout and the line breaks of comments are the formatter's. */
    private static String tokens(String source) {
        return source.replaceAll("(?m)^\\s*\\*(?!/)", "").replaceAll("\\s+", "");
    }
}
