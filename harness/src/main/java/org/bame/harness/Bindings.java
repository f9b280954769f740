package org.bame.harness;

import com.google.inject.Binder;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.MapBinder;
import org.bame.datasets.DataSetFactory;
import org.bame.harness.device.Device;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.recipes.NamedRecipe;
import org.bame.method.MethodFactory;

/** Adds what users can name to the suite; for {@link BameExtension}s and the suite's own module. */
public final class Bindings {

    private final MapBinder<String, MethodFactory<?>> methods;
    private final MapBinder<String, NetworkFactory> networks;
    private final MapBinder<String, DataSetFactory> dataSets;
    private final MapBinder<String, NamedRecipe> recipes;
    private final MapBinder<String, Device> devices;

    /** @param binder of the module that adds */
    public Bindings(Binder binder) {
        Binder skipping = binder.skipSources(Bindings.class);
        TypeLiteral<String> name = TypeLiteral.get(String.class);
        methods = MapBinder.newMapBinder(skipping, name, new TypeLiteral<MethodFactory<?>>() {});
        networks = MapBinder.newMapBinder(skipping, name, TypeLiteral.get(NetworkFactory.class));
        dataSets = MapBinder.newMapBinder(skipping, name, TypeLiteral.get(DataSetFactory.class));
        recipes = MapBinder.newMapBinder(skipping, name, TypeLiteral.get(NamedRecipe.class));
        devices = MapBinder.newMapBinder(skipping, name, TypeLiteral.get(Device.class));
    }

    /** Adds a training method. */
    public void addMethod(MethodFactory<?> method) {
        methods.addBinding(method.name()).toInstance(method);
    }

    /** Adds a network. */
    public void addNetwork(NetworkFactory network) {
        networks.addBinding(network.name()).toInstance(network);
    }

    /** Adds a data set. */
    public void addDataSet(DataSetFactory dataSet) {
        dataSets.addBinding(dataSet.name()).toInstance(dataSet);
    }

    /** Adds a recipe. */
    public void addRecipe(NamedRecipe recipe) {
        recipes.addBinding(recipe.name()).toInstance(recipe);
    }

    /** Adds hardware. */
    public void addDevice(Device device) {
        devices.addBinding(device.name()).toInstance(device);
    }
}
