package org.bame.kernel;

/**
 * Softmax attention for one shape and batch layout: {@code y = softmax(q k^T scale + bias) v} of each head and image. Padding
 * lanes of what it reads may hold anything; those of what it writes are 0.
 *
 * <p>Probabilities are not kept for the backward pass but computed again from two numbers a query. Kept, they would take
 * {@code heads * tokens^2} numbers an image and layer, for DeiT-S as many as queries, keys and values together, and the
 * share grows with the tokens; computed again, they cost one product more, of seven.
 */
public interface AttentionKernel {
    /**
     * Attention.
     *
     * @param qkv activations of {@link AttentionShape#input}
     * @param bias of relative positions, {@link AttentionShape#biases}; null if the scope has none
     * @param statistics receives activations of {@link AttentionShape#statistics}
     * @param y receives activations of {@link AttentionShape#output}
     */
    void forward(Storage qkv, Storage bias, Storage statistics, Storage y);

    /**
     * Gradient.
     *
     * @param statistics what {@link #forward} wrote
     * @param y what {@link #forward} wrote
     * @param dy gradient with respect to {@code y}
     * @param dqkv gradient with respect to {@code qkv}
     * @param dBias gradient with respect to {@code bias}, the sum over the images; null if the scope has none
     */
    void backward(
            Storage qkv, Storage bias, Storage statistics, Storage y, Storage dy, Storage dqkv, Storage dBias);
}
