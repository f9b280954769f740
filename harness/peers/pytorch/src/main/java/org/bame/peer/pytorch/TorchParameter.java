package org.bame.peer.pytorch;

import ai.djl.ndarray.NDArray;

/**
 * A trained tensor.
 *
 * @param value of it
 * @param velocity running sum of its gradients
 * @param decays whether weight decay applies to it
 */
record TorchParameter(NDArray value, NDArray velocity, boolean decays) {}
