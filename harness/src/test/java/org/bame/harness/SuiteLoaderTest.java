package org.bame.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import org.bame.harness.networks.CifarResNet;
import org.junit.jupiter.api.Test;

class SuiteLoaderTest {

    @Test
    void bindsWhatComesWithTheSuite() {
        Suite suite = SuiteLoader.load();

        assertThat(suite.methods().names()).contains("dense", "static", "ste", "sr-ste", "maxq", "bame");
        assertThat(suite.networks().names()).contains("resnet20", "resnet32", "resnet32-wide", "resnet18", "resnet50");
        assertThat(suite.dataSets().names()).contains("synthetic10", "cifar10");
        assertThat(suite.recipes().names()).contains("quick", "cifar10-short", "cifar10", "imagenet");
        assertThat(suite.devices().names()).containsExactly("cpu");
    }

    @Test
    void findsExtensionsOnTheClassPath() {
        Suite suite = SuiteLoader.load();

        assertThat(suite.networks().names()).contains("tiny-net");
        assertThat(suite.dataSets().names()).contains("tiny");
    }

    @Test
    void refusesTwoThingsOfOneName() {
        assertThatThrownBy(() -> SuiteLoader.injector(new AbstractModule() {
            @Override
            protected void configure() {
                new Bindings(binder()).addNetwork(CifarResNet.networks().getFirst());
            }
        }))
                .isInstanceOf(CreationException.class)
                .hasMessageContaining("resnet8");
    }

    @Test
    void refusesWhatWasNotBound() {
        assertThatThrownBy(() -> SuiteLoader.injector().getInstance(StringBuilder.class))
                .isInstanceOf(com.google.inject.ConfigurationException.class);
    }
}
