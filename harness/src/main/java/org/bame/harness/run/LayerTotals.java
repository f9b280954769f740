package org.bame.harness.run;

import java.util.List;
import org.bame.kernel.Product;
import org.bame.layer.LayerReport;
import org.bame.layer.ProductReport;

/**
 * What the products of one layer did so far, over all processes that worked on the run.
 *
 * @param layer name
 * @param images that went forward
 * @param products in the order of {@link Product}
 */
public record LayerTotals(String layer, long images, List<Totals> products) {

    /**
     * @param calls how often the product ran
     * @param nanos time in its kernel
     * @param macs multiply-accumulates that the kernel counted
     * @param simulated whether any of them ran on zeros that another machine could have skipped
     */
    public record Totals(long calls, long nanos, long macs, boolean simulated) {
        Totals plus(ProductReport report) {
            return new Totals(
                    calls + report.calls(),
                    nanos + report.nanos(),
                    macs + report.macs(),
                    simulated || !report.executed());
        }
    }

    private static final Totals NONE = new Totals(0, 0, 0, false);

    /** Of one product. */
    Totals product(Product product) {
        return products.get(product.ordinal());
    }

    /** These and what this process added, layer by layer. */
    static List<LayerTotals> sum(List<LayerTotals> before, List<LayerReport> added) {
        return added.stream()
                .map(report -> before.stream()
                        .filter(total -> total.layer().equals(report.name()))
                        .findFirst()
                        .orElse(new LayerTotals(report.name(), 0, List.of(NONE, NONE, NONE)))
                        .plus(report))
                .toList();
    }

    private LayerTotals plus(LayerReport report) {
        List<Totals> sums = List.of(Product.values()).stream()
                .map(product -> product(product).plus(report.product(product)))
                .toList();
        return new LayerTotals(layer, images + report.images(), sums);
    }
}
