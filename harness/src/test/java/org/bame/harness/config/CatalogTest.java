package org.bame.harness.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private final Catalog<Integer> catalog = new Catalog<>("method", Map.of("sr-ste", 1, "bame", 2, "dense", 3));

    @Test
    void findsByName() {
        assertThat(catalog.get("bame", "--method")).isEqualTo(2);
        assertThat(catalog.names()).containsExactly("bame", "dense", "sr-ste");
    }

    @Test
    void answersAnUnknownNameWithTheKnownAndTheNearest() {
        assertThatThrownBy(() -> catalog.get("srste", "--method"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("--method: got unknown method 'srste', expected one of bame, dense, sr-ste."
                        + " Did you mean 'sr-ste'?");
    }

    @Test
    void suggestsNothingThatIsFar() {
        assertThat(NearestName.of("transformer", List.of("bame", "dense"))).isEmpty();
        assertThat(NearestName.of("DENS", List.of("bame", "dense"))).contains("dense");
    }

    @Test
    void yamlRefusesRepeatedKeysAndSyntaxErrors() {
        assertThatThrownBy(() -> YamlText.mapping("a: 1\na: 2\n", "f.yaml"))
                .hasMessageContaining("f.yaml line 2")
                .hasMessageContaining("Duplicate");
        assertThatThrownBy(() -> YamlText.mapping("a: [1", "f.yaml")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> YamlText.mapping("- 1", "f.yaml")).hasMessageContaining("a list of 1");
        assertThatThrownBy(() -> YamlText.mapping("", "f.yaml")).hasMessageContaining("nothing");
        assertThatThrownBy(() -> YamlText.mapping("a: 1\n---\nb: 2\n", "f.yaml")).hasMessageContaining(
                "something behind the end of the document");
    }
}
