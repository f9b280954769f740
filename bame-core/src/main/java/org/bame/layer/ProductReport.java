package org.bame.layer;

/**
 * What one product of a layer did in the training steps since the meters were last reset.
 *
 * @param calls how often it ran; 0 for the input gradient of a layer that reads the images
 * @param nanos time spent
 * @param macs multiply-accumulates executed, as the kernels counted them
 * @param density kept fraction of its support at the last step
 * @param executed true if every zero of its operand was skipped by the kernel; false if dense arithmetic ran on weights
 *     that a method had masked to zero, or at any of these steps on a sampled output gradient (the time is then a simulation)
 */
public record ProductReport(long calls, long nanos, long macs, double density, boolean executed) {}
