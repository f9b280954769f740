package org.bame.layer;

/**
 * One trainable parameter in the graph's flat vectors; counts and positions in numbers, not bytes.
 *
 * @param from position in the parameter and the gradient vector
 * @param count length
 * @param decays whether weight decay applies
 * @param state position of its first slot in the optimizer's state
 * @param slotStride distance from one slot to the next
 */
record ParameterRange(long from, long count, boolean decays, long state, long slotStride) {}
