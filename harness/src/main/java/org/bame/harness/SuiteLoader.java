package org.bame.harness;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Wires the suite and every extension on the class path. */
public final class SuiteLoader {

    private SuiteLoader() {}

    /** The injector behind the command line. */
    public static Injector injector(Module... more) {
        List<Module> modules = new ArrayList<>();
        modules.add(new Strictness());
        modules.add(new HarnessModule());
        ServiceLoader.load(BameExtension.class).forEach(modules::add);
        modules.addAll(List.of(more));
        return Guice.createInjector(Stage.PRODUCTION, modules);
    }

    /** The suite alone. */
    public static Suite load() {
        return injector().getInstance(Suite.class);
    }

    /** What is injected must have been asked for and bound; a mistake is found at start, not at use. */
    private static final class Strictness extends AbstractModule {
        @Override
        protected void configure() {
            binder().requireExplicitBindings();
            binder().requireAtInjectOnConstructors();
            binder().disableCircularProxies();
        }
    }
}
