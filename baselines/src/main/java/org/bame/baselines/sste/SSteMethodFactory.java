package org.bame.baselines.sste;

import java.util.List;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.OutputGradientSample;
import org.bame.method.TrainingMethod;

/** S-STE: a continuous pruning function in place of a mask, straight-through gradients to a dense store. */
public final class SSteMethodFactory implements MethodFactory<SSteConfiguration> {
    private static final String NAME = "s-ste";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Soft thresholds in each block instead of a mask, straight-through gradients; at 2:4 dW from a 2:4 sample of dY";
    }

    @Override
    public String reference() {
        return "Hu et al., S-STE: Continuous Pruning Function for Efficient 2:4 Sparse Pre-training, NeurIPS 2024,"
                + " arXiv 2409.09099";
    }

    @Override
    public SSteConfiguration defaults() {
        return SSteConfiguration.defaults();
    }

    @Override
    public List<String> problems(SSteConfiguration configuration, MethodContext context) {
        return List.of();
    }

    @Override
    public TrainingMethod create(SSteConfiguration configuration, MethodContext context) {
        SoftThresholding thresholding = new SoftThresholding(context.nm());
        boolean samples = configuration.samples(context.nm());
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new SSteLayer(
                        layer, thresholding, samples ? new OutputGradientSample(context.seed(), index) : null));
    }

    /**
     * (d, 1, d) while dY is sampled, else (d, 1, 1): no mask is transposable. Our kernels skip the zeros of W^T, and none in
     * lanes of dY: (d, d, 1).
     */
    @Override
    public CostModel costs(SSteConfiguration configuration, MethodContext context) {
        double density = context.nm().density();
        CostVector hardware = new CostVector(density, 1, configuration.samples(context.nm()) ? density : 1);
        return new SteadyCosts(hardware, new CostVector(density, density, 1), hardware, density);
    }
}
