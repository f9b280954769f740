package org.bame.harness;

import com.google.inject.Module;

/**
 * A jar's contribution to the suite. Implement it (usually on {@link com.google.inject.AbstractModule}), add methods,
 * networks, data sets, recipes or devices through {@link Bindings}, and name the class in
 * {@code META-INF/services/org.bame.harness.BameExtension}; a jar on the class path is then found without further ado.
 * A name that exists already is an error at start.
 */
public interface BameExtension extends Module {}
