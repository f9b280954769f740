package org.bame.harness.measure;

import java.util.Locale;
import java.util.Optional;
import org.bame.kernel.Product;
import org.bame.sparsity.NmPattern;

/**
 * What was measured of one variant of a shape. Times are executed: a sparse kernel skipped every zero.
 *
 * @param provider of the kernels
 * @param shape extents
 * @param product or empty for the three together
 * @param pattern or empty for dense
 * @param threads of the product
 * @param spread of its times
 * @param gflops billions of executed floating-point operations a second at the median; nonzeros only
 * @param speedupVsDense median of the dense kernel of the same product, shape and threads over this one's
 * @param deviation largest one from the scalar twin, relative to the largest number
 */
public record KernelMeasurement(
        String provider,
        KernelShape shape,
        Optional<Product> product,
        Optional<NmPattern> pattern,
        int threads,
        Spread spread,
        double gflops,
        double speedupVsDense,
        double deviation) {

    /** Column {@code product}. */
    public String productName() {
        return product.map(value -> value.name().toLowerCase(Locale.ROOT)).orElse("all");
    }

    /** Column {@code pattern}. */
    public String patternName() {
        return pattern.map(NmPattern::toString).orElse("dense");
    }
}
