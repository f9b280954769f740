package org.bame.harness.flops;

import org.bame.flops.TrainingCost;

/**
 * What a method costs on a network at a pattern.
 *
 * @param method name
 * @param pattern as in {@code 1:16} or {@code 1:4/g4}, or {@code dense}
 * @param cost ratios over the dense network
 * @param forwardMacs multiply-accumulates of the deployed forward product of one image
 */
public record MethodCost(String method, String pattern, TrainingCost cost, double forwardMacs) {}
