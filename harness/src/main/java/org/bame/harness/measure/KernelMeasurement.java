package org.bame.harness.measure;

import java.util.Locale;
import java.util.Optional;
import org.bame.kernel.Product;
import org.bame.sparsity.SparsityPattern;

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
 * @param peer the fastest other library at this product, shape and number of threads, if any was measured; empty for a peer's own
 * @param speedupVsPeer its median over this one's; NaN without a peer
 */
public record KernelMeasurement(
        String provider,
        KernelShape shape,
        Optional<Product> product,
        Optional<SparsityPattern> pattern,
        int threads,
        Spread spread,
        double gflops,
        double speedupVsDense,
        double deviation,
        Optional<String> peer,
        double speedupVsPeer) {

    /** Column {@code product}. */
    public String productName() {
        return product.map(value -> value.name().toLowerCase(Locale.ROOT)).orElse("all");
    }

    /** Column {@code pattern}. */
    public String patternName() {
        return pattern.map(SparsityPattern::toString).orElse("dense");
    }

    /** The same, compared with a peer's measurement. */
    KernelMeasurement against(KernelMeasurement fastest) {
        return new KernelMeasurement(
                provider,
                shape,
                product,
                pattern,
                threads,
                spread,
                gflops,
                speedupVsDense,
                deviation,
                Optional.of(fastest.provider),
                fastest.spread.medianNanos() / spread.medianNanos());
    }
}
