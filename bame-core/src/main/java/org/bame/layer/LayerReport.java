package org.bame.layer;

import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.Product;
import org.bame.sparsity.LayerKind;

/**
 * What one layer did in the training steps since the meters were last reset.
 *
 * @param name in its network
 * @param kind what it is
 * @param shape its product
 * @param sparse whether a training method decides its supports
 * @param reason why it is sparse, or dense
 * @param images images that went forward
 * @param forward Y = W X
 * @param inputGradient dX = W^T dY
 * @param weightGradient dW = dY X^T
 */
public record LayerReport(
        String name,
        LayerKind kind,
        ConvolutionShape shape,
        boolean sparse,
        String reason,
        long images,
        ProductReport forward,
        ProductReport inputGradient,
        ProductReport weightGradient) {
    /** One of the three products. */
    public ProductReport product(Product product) {
        return switch (product) {
            case FORWARD -> forward;
            case INPUT_GRADIENT -> inputGradient;
            case WEIGHT_GRADIENT -> weightGradient;
        };
    }
}
