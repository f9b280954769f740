/**
 * N:M-sparse training from scratch, with all three matrix products of a training step sparse.
 *
 * <p>{@code sparsity} holds patterns and masks; {@code kernel} the products on them; {@code layer} the Deeplearning4j
 * layers that use the kernels; {@code method} the hooks of a training method, and BAME; {@code flops} the ledger of what
 * each product cost. The first two know nothing of Deeplearning4j, and none knows the modules built on this one.
 */
package org.bame;
