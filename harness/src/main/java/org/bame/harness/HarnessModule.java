package org.bame.harness;

import com.google.inject.AbstractModule;
import org.bame.baselines.Baselines;
import org.bame.harness.device.CpuDevice;
import org.bame.harness.networks.CharTransformer;
import org.bame.harness.networks.CifarResNet;
import org.bame.harness.networks.ImageNetResNet;
import org.bame.harness.networks.MobileNetV2;
import org.bame.harness.networks.Vgg;
import org.bame.harness.networks.VisionTransformer;
import org.bame.harness.recipes.BuiltInRecipes;
import org.bame.method.bame.BameMethodFactory;

/** Binds what comes with the suite. */
final class HarnessModule extends AbstractModule {

    @Override
    protected void configure() {
        Bindings bindings = new Bindings(binder());
        Baselines.all().forEach(bindings::addMethod);
        bindings.addMethod(new BameMethodFactory());
        CifarResNet.networks().forEach(bindings::addNetwork);
        ImageNetResNet.networks().forEach(bindings::addNetwork);
        VisionTransformer.networks().forEach(bindings::addNetwork);
        CharTransformer.networks().forEach(bindings::addNetwork);
        MobileNetV2.networks().forEach(bindings::addNetwork);
        Vgg.networks().forEach(bindings::addNetwork);
        BuiltInDataSets.all().forEach(bindings::addDataSet);
        BuiltInRecipes.all().forEach(bindings::addRecipe);
        bindings.addDevice(new CpuDevice());
        bind(Suite.class);
    }
}
