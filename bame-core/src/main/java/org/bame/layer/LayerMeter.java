package org.bame.layer;

import java.util.Arrays;
import java.util.Locale;
import org.bame.kernel.Product;

/** Accumulates what the products of one layer did in training. Adding allocates nothing. */
final class LayerMeter {
    private static final int PRODUCTS = Product.values().length;

    private final long[] calls = new long[PRODUCTS];
    private final long[] nanos = new long[PRODUCTS];
    private final long[] macs = new long[PRODUCTS];
    private final long[] impliedMacs = new long[PRODUCTS];
    private final boolean[] simulated = new boolean[PRODUCTS];
    private long images;

    void images(int count) {
        images += count;
    }

    /**
     * Adds a call of a product.
     *
     * @param productMacs as its kernel counted them
     * @param implied what its support implies: nonzeros x output positions x images
     */
    void add(Product product, long productNanos, long productMacs, long implied) {
        int index = product.ordinal();
        calls[index]++;
        nanos[index] += productNanos;
        macs[index] += productMacs;
        impliedMacs[index] += implied;
    }

    /**
     * Checks that the kernels counted what the supports imply.
     *
     * @throws InvariantException naming the first product of which they did not
     */
    void verify(String layer) {
        for (Product product : Product.values()) {
            int index = product.ordinal();
            if (macs[index] != impliedMacs[index]) {
                throw new InvariantException(String.format(
                        Locale.ROOT,
                        "Layer '%s', product %s: in %,d calls the kernels counted %,d multiply-accumulates, expected %,d"
                                + " (nonzeros of the support x output positions x images): the support changed between"
                                + " plan and product, or a kernel counts wrongly",
                        layer,
                        product,
                        calls[index],
                        macs[index],
                        impliedMacs[index]));
            }
        }
    }

    /** Notes that a product ran dense on a mask's zeros, or on an operand of whose zeros another machine could have skipped some. */
    void simulate(Product product) {
        simulated[product.ordinal()] = true;
    }

    /** Images that went forward. */
    long images() {
        return images;
    }

    ProductReport report(Product product, double density, boolean executed) {
        int index = product.ordinal();
        return new ProductReport(calls[index], nanos[index], macs[index], density, executed && !simulated[index]);
    }

    void reset() {
        Arrays.fill(calls, 0);
        Arrays.fill(nanos, 0);
        Arrays.fill(macs, 0);
        Arrays.fill(impliedMacs, 0);
        Arrays.fill(simulated, false);
        images = 0;
    }
}
