package org.bame.layer;

import java.util.Arrays;
import org.bame.kernel.Product;

/** Accumulates what the products of one layer did in training. Adding allocates nothing. */
final class LayerMeter {
    private static final int PRODUCTS = Product.values().length;

    private final long[] calls = new long[PRODUCTS];
    private final long[] nanos = new long[PRODUCTS];
    private final long[] macs = new long[PRODUCTS];
    private final boolean[] simulated = new boolean[PRODUCTS];
    private long images;

    void images(int count) {
        images += count;
    }

    void add(Product product, long productNanos, long productMacs) {
        int index = product.ordinal();
        calls[index]++;
        nanos[index] += productNanos;
        macs[index] += productMacs;
    }

    /** Notes that a product ran dense on an operand of whose zeros another machine could have skipped some. */
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
        Arrays.fill(simulated, false);
        images = 0;
    }
}
