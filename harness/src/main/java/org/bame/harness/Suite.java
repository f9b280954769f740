package org.bame.harness;

import jakarta.inject.Inject;
import java.util.Map;
import org.bame.datasets.DataSetFactory;
import org.bame.harness.config.Catalog;
import org.bame.harness.device.Device;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.recipes.NamedRecipe;
import org.bame.method.MethodFactory;

/** Everything that users can name, the extensions' contributions included. */
public final class Suite {

    private final Catalog<MethodFactory<?>> methods;
    private final Catalog<NetworkFactory> networks;
    private final Catalog<DataSetFactory> dataSets;
    private final Catalog<NamedRecipe> recipes;
    private final Catalog<Device> devices;

    @Inject
    Suite(
            Map<String, MethodFactory<?>> methods,
            Map<String, NetworkFactory> networks,
            Map<String, DataSetFactory> dataSets,
            Map<String, NamedRecipe> recipes,
            Map<String, Device> devices) {
        this.methods = new Catalog<>("method", methods);
        this.networks = new Catalog<>("network", networks);
        this.dataSets = new Catalog<>("data set", dataSets);
        this.recipes = new Catalog<>("recipe", recipes);
        this.devices = new Catalog<>("device", devices);
    }

    /** Training methods. */
    public Catalog<MethodFactory<?>> methods() {
        return methods;
    }

    /** Networks, those that can only be counted included. */
    public Catalog<NetworkFactory> networks() {
        return networks;
    }

    /** Data sets. */
    public Catalog<DataSetFactory> dataSets() {
        return dataSets;
    }

    /** Recipes. */
    public Catalog<NamedRecipe> recipes() {
        return recipes;
    }

    /** Hardware to train on. */
    public Catalog<Device> devices() {
        return devices;
    }
}
