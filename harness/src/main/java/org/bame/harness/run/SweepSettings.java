package org.bame.harness.run;

import java.time.Duration;
import org.bame.datasets.DataRequest;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.layer.KernelPolicy;

/**
 * How a sweep is run; changes no result but by rounding.
 *
 * @param data where to look for data
 * @param device to train on
 * @param kernels which kernels
 * @param kernelPolicy how products on masks are computed
 * @param threads of a product
 * @param checkpointInterval longest time between checkpoints; there is one at each epoch's end anyway
 * @param acceptOtherKernels whether a run that was begun with other kernels or threads goes on with these
 * @param warmUp whether a few steps of each method are taken before the clocks start, so that the first run does not
 *     pay for the compiler
 */
public record SweepSettings(
        DataRequest data, Device device, KernelChoice kernels, KernelPolicy kernelPolicy, int threads,
        Duration checkpointInterval,
        boolean acceptOtherKernels, boolean warmUp) {}
