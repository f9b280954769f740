package org.bame.baselines;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Configurations for runs of a few steps. */
public final class ShortRun {
    /** Steps from one mask update to the next. */
    public static final int INTERVAL = 7;

    private ShortRun() {}

    /** The same choices, but with updates often enough for a short run, if the method updates now and then. */
    public static <C extends Record> C of(C configuration) {
        try {
            RecordComponent[] components = configuration.getClass().getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                boolean interval = components[i].getName().equals("interval");
                values[i] = interval ? INTERVAL : components[i].getAccessor().invoke(configuration);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            @SuppressWarnings("unchecked")
            C copy = (C) configuration.getClass().getDeclaredConstructor(types).newInstance(values);
            return copy;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
