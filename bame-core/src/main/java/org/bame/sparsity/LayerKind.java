package org.bame.sparsity;

import java.util.Locale;

/** What a weighted layer is in its network: decides whether it is sparsified by default, and groups reports. */
public enum LayerKind {
    /** First convolution, on the image itself. */
    STEM(false),
    /** 3x3 convolution. */
    CONV3X3(true),
    /** 1x1 convolution. */
    CONV1X1(true),
    /** Convolution of another size. */
    CONV(true),
    /** 1x1 convolution of a projection shortcut. */
    DOWNSAMPLE(true),
    /** One filter a channel: with one input there is no block of M weights to choose N from. */
    DEPTHWISE(false),
    /** Patch embedding of a vision transformer. */
    PATCH(false),
    /** Query, key and value projection of attention. */
    QKV(true),
    /** Output projection of attention. */
    PROJECTION(true),
    /** First linear layer of a transformer's MLP. */
    MLP_IN(true),
    /** Second linear layer of a transformer's MLP. */
    MLP_OUT(true),
    /** Any other linear layer. */
    LINEAR(true),
    /** Last linear layer. */
    CLASSIFIER(false);

    private final boolean sparseByDefault;

    LayerKind(boolean sparseByDefault) {
        this.sparseByDefault = sparseByDefault;
    }

    /** Whether the suite sparsifies such layers unless told otherwise (methods.md 1.2: the choice that reproduces the published FLOPs). */
    public boolean sparseByDefault() {
        return sparseByDefault;
    }

    /** Name in CSV columns, for example {@code conv3x3}. */
    public String columnName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
