package org.bame.harness.networks;

import org.bame.kernel.FeatureShape;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * What a trainable graph depends on besides the network's name.
 *
 * @param input extents of one image
 * @param classes number of classes
 * @param seed of the initial weights
 * @param labelSmoothing share of the target spread evenly over all classes, in [0, 1)
 * @param updater Deeplearning4j's updater with room for the optimizer's state
 */
public record NetworkRequest(FeatureShape input, int classes, long seed, double labelSmoothing, IUpdater updater) {}
