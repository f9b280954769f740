/** Benchmarks: single products of the kernels, and whole training steps, every variant measured in the same rounds. */
package org.bame.harness.measure;
