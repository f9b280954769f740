package org.bame.kernel;

/**
 * A provider of kernels: the SIMD provider or its scalar twin. Both give the same results up to rounding; the tests hold
 * the one against the other.
 */
public interface Kernels extends AutoCloseable {
    /** What was chosen and why: one line for the log and the environment record. */
    String description();

    /** Short name for CSV columns: {@code simd512}, {@code simd256}, {@code simd128} or {@code scalar}. */
    String provider();

    /** Threads that a product uses, the caller's included. */
    int threads();

    /** A convolution (or linear layer). */
    ConvolutionKernel convolution(ConvolutionShape shape, BatchLayout batch);

    /** A batch normalisation. */
    BatchNormKernel batchNorm(FeatureShape shape, BatchLayout batch);

    /** The bias of a product. */
    BiasKernel bias(FeatureShape shape, BatchLayout batch);

    /** The kernels of transformers. */
    TokenKernels tokens();

    /** A max pooling. */
    MaxPoolKernel maxPool(PoolingShape shape, BatchLayout batch);

    /**
     * A table of vectors for tokens.
     *
     * @param vocabulary rows of the table
     * @param output extents of what is looked up: features as channels, tokens as pixels
     */
    LookupKernel lookup(int vocabulary, FeatureShape output, BatchLayout batch);

    /** Copies images {@code [image][channel][row][column]} into the block layout; padding lanes become 0. */
    void toBlocks(FeatureShape shape, BatchLayout batch, Storage images, Storage blocks);

    /** Copies the block layout back into {@code [image][channel][row][column]}. */
    void fromBlocks(FeatureShape shape, BatchLayout batch, Storage blocks, Storage images);

    /** Mean over the pixels of each channel: y has one pixel. */
    void averagePool(FeatureShape shape, BatchLayout batch, Storage x, Storage y);

    /** Gradient of {@link #averagePool}. */
    void averagePoolBackward(FeatureShape shape, BatchLayout batch, Storage dy, Storage dx);

    /**
     * The parameter-free shortcut of CIFAR ResNets: takes every {@code stride}-th pixel (from 0) and appends
     * {@code (outputs - channels) / 2} zero channels on each side (He et al. 2016, option A).
     */
    void shortcut(FeatureShape input, int outputs, int stride, BatchLayout batch, Storage x, Storage y);

    /** Gradient of {@link #shortcut}. */
    void shortcutBackward(FeatureShape input, int outputs, int stride, BatchLayout batch, Storage dy, Storage dx);

    /** target = target + addend, element by element. */
    void add(Storage target, Storage addend);

    /**
     * Inverted dropout (Srivastava et al. 2014): {@code y = x / (1 - probability)}, or 0 where the number at that position
     * of the key's stream says so. The same call on dy gives dx: nothing is remembered.
     *
     * @param key see {@link CounterRandom#key}
     * @param probability of 0, in [0, 1)
     */
    void dropout(long key, double probability, Storage x, Storage y);

    /**
     * Stochastic depth (Huang et al. 2016): like {@link #dropout}, but a whole image is kept or becomes 0. Padding becomes
     * 0.
     */
    void dropPath(long key, double probability, FeatureShape shape, BatchLayout batch, Storage x, Storage y);

    /**
     * An unbiased sample of a gradient, 2:4 along the images (Hu et al., ICML 2024, arXiv 2404.01847: an approximation of
     * the estimator of least variance). Of each 4 consecutive images at a pixel and channel two are drawn, one after the
     * other, with probabilities proportional to their magnitudes; each is divided by the probability pi that it is among
     * the two, the others become 0. With a = |dy| + 2^-23 and S the sum of the four,
     * {@code pi_i = a_i / S (1 + sum over j != i of a_j / (S - a_j))}. Behind the last multiple of 4 images (and in the
     * padding) dy is copied. Probabilities are exact to 2^-23. The same key draws the same images, whatever the threads.
     *
     * @param key see {@link CounterRandom#key}
     * @param sampled receives the sample; not dy
     */
    void sampleTwoOfFour(long key, FeatureShape shape, BatchLayout batch, Storage dy, Storage sampled);

    /**
     * Softmax cross-entropy with label smoothing: targets are {@code (1 - smoothing) * onehot + smoothing / classes}. The
     * loss of an image is the mean over its predictions: one, or one a token of a language model.
     *
     * @param positions predictions of an image
     * @param logits {@code [image][class][position]}
     * @param labels {@code [image][class][position]}, one-hot (or any distribution) at each position
     * @param gradient receives {@code (softmax - target) / positions} (not divided by the batch), in the same order; may be
     *        the logits, but not the labels; or null
     * @return sum of the losses over the images
     */
    double softmaxCrossEntropy(
            int images, int classes, int positions, double smoothing, Storage logits, Storage labels,
            Storage gradient);

    /** Stops the worker threads. */
    @Override
    void close();
}
